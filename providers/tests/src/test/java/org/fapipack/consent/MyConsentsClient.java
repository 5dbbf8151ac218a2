package org.fapipack.consent;

import java.net.URI;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.overlay.Parties;

/** The client through which customers of a realm sign in to see their consents, as the documentation has it made; and where they see them. */
public record MyConsentsClient(FapiRealm realm) {

    /** Makes the client. */
    public static MyConsentsClient addTo(FapiRealm realm) {
        realm.admin().createClient(realm.name(), Parties.myConsentsClient(realm.name()));
        return new MyConsentsClient(realm);
    }

    /** A page of the signed-in customer. */
    public URI page(String path) {
        return URI.create(realm.issuer() + "/" + Parties.MY_CONSENTS + path);
    }

    URI details(String id) {
        return page("/consent?" + Form.of("id", id).encode());
    }

    URI revocation(String id) {
        return page("/revoke?" + Form.of("id", id).encode());
    }
}
