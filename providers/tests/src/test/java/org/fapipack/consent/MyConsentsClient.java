package org.fapipack.consent;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.testkit.http.Form;

/** The client through which customers of a realm sign in to see their consents, as the documentation has it made; and where they see them. */
public record MyConsentsClient(FapiRealm realm) {

    /** Makes the client. */
    public static MyConsentsClient addTo(FapiRealm realm) {
        realm.admin()
                .createClient(
                        realm.name(),
                        Map.of(
                                "clientId",
                                "fapi-my-consents",
                                "publicClient",
                                true,
                                "standardFlowEnabled",
                                true,
                                "directAccessGrantsEnabled",
                                false,
                                "fullScopeAllowed",
                                false,
                                "rootUrl",
                                "${authBaseUrl}",
                                "baseUrl",
                                "/realms/" + realm.name() + "/fapi-my-consents",
                                "redirectUris",
                                List.of("/realms/" + realm.name() + "/fapi-my-consents/signed-in"),
                                "attributes",
                                Map.of("pkce.code.challenge.method", "S256")));
        return new MyConsentsClient(realm);
    }

    /** A page of the signed-in customer. */
    public URI page(String path) {
        return URI.create(realm.issuer() + "/fapi-my-consents" + path);
    }

    URI details(String id) {
        return page("/consent?" + Form.of("id", id).encode());
    }

    URI revocation(String id) {
        return page("/revoke?" + Form.of("id", id).encode());
    }
}
