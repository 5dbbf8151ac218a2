package org.fapipack.protocol;

import java.util.Map;
import java.util.Optional;
import org.fapipack.consent.ConsentBinding;
import org.fapipack.consent.ConsentSource;
import org.fapipack.consent.ConsentedTokens;
import org.fapipack.consent.StoredConsent;
import org.fapipack.introspection.TokenLife;
import org.keycloak.models.KeycloakSession;

/** A token for a consent is active as long as that is in force. */
record ConsentedTokenLife(KeycloakSession session) implements TokenLife {

    @Override
    public Optional<Map<String, String>> claims(String token) {
        return ConsentedTokens.of(session).allow(token, ConsentSource.TokenCheck.USE)
                ? Optional.of(ConsentBinding.ofRequest(session)
                        .map(StoredConsent::id)
                        .map(id -> Map.of(ConsentBinding.CLAIM, id))
                        .orElse(Map.of()))
                : Optional.empty();
    }
}
