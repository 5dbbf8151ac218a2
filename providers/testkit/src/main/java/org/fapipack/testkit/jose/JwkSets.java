package org.fapipack.testkit.jose;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;

/** Looks up keys in published JWK sets. */
public final class JwkSets {

    private JwkSets() {}

    /** Reads a JWK set. */
    public static JWKSet parse(String json) {
        try {
            return JWKSet.parse(json);
        } catch (ParseException e) {
            throw new IllegalArgumentException("not a JWK set: " + e.getMessage(), e);
        }
    }

    /** The one signing key with this id. Without an id, or with two keys of one id, there is none: no guessing. */
    public static Optional<JWK> signingKey(JWKSet keys, String keyId) {
        if (keyId == null) {
            return Optional.empty();
        }
        List<JWK> matching = keys.getKeys().stream()
                .filter(key -> keyId.equals(key.getKeyID()))
                .filter(key -> key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse()))
                .toList();
        return matching.size() == 1 ? Optional.of(matching.get(0)) : Optional.empty();
    }
}
