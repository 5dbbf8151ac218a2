package org.fapipack.consent.token;

import java.util.Optional;
import org.fapipack.consent.StoredConsent;
import org.fapipack.core.consent.ConsentReference;

/**
 * The scope that names a consent, where its type has such one. Keycloak leaves it out of what it grants, because no client scope is called so;
 * a client that asked for it has to be told that it was granted (RFC 6749 section 3.3).
 */
final class ConsentScope {

    private final Optional<String> value;

    private ConsentScope(Optional<String> value) {
        this.value = value;
    }

    static ConsentScope of(StoredConsent consent) {
        return new ConsentScope(consent.type()
                .authorization()
                .map(authorization -> authorization.reference())
                .filter(reference -> reference.place() == ConsentReference.Place.SCOPE)
                .map(reference -> reference.name() + consent.id()));
    }

    /** The scope, empty where the consent is named in another way. */
    Optional<String> value() {
        return value;
    }

    /** What was granted, and this; null or empty is nothing. */
    String addTo(String granted) {
        if (value.isEmpty()) {
            return granted;
        }
        return granted == null || granted.isEmpty() ? value.get() : granted + ' ' + value.get();
    }
}
