package org.fapipack.clientmetadata;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.fapipack.core.jose.SignatureKeys;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.jose.jwk.JSONWebKeySet;
import org.keycloak.jose.jwk.JWK;
import org.keycloak.util.JWKSUtils;
import org.keycloak.util.JsonSerialization;

/** What the {@code jwks} of a client may hold: public keys that are long enough and can be read. */
public final class JwkSetRules {

    private static final String ENCRYPTION = "enc";

    private JwkSetRules() {}

    /**
     * Finds the first defect.
     *
     * @param jwks a JWK Set as JSON
     * @return text for whoever registers them, without any value
     */
    public static Optional<String> firstDefect(String jwks) {
        return keys(jwks)
                .map(keys -> keys.stream()
                        .map(JwkSetRules::defect)
                        .flatMap(Optional::stream)
                        .findFirst())
                .orElse(Optional.of("jwks is not a JWK Set"));
    }

    /** Whether a key of the set can verify signatures of the algorithm. */
    static boolean holdKeyFor(String algorithm, String jwks) {
        return keys(jwks).orElse(List.of()).stream()
                .filter(jwk -> !ENCRYPTION.equals(jwk.getPublicKeyUse()))
                .map(JwkSetRules::publicKey)
                .flatMap(Optional::stream)
                .anyMatch(key -> SignatureKeys.fit(algorithm, key));
    }

    private static Optional<List<JWK>> keys(String jwks) {
        try {
            JSONWebKeySet set = JsonSerialization.mapper.readValue(jwks, JSONWebKeySet.class);
            return set == null
                            || set.getKeys() == null
                            || Stream.of(set.getKeys()).anyMatch(key -> key == null)
                    ? Optional.empty()
                    : Optional.of(List.of(set.getKeys()));
        } catch (JsonProcessingException notAKeySet) {
            return Optional.empty();
        }
    }

    private static Optional<String> defect(JWK jwk) {
        if (jwk.getOtherClaims().keySet().stream().anyMatch(member -> member.equals("d") || member.equals("k"))) {
            return Optional.of("jwks must hold public keys only");
        }
        try {
            return publicKey(jwk)
                    .filter(SignatureKeys::areTooShort)
                    .map(key -> "jwks holds a key of less than %d bits (RSA) or %d bits (EC)"
                            .formatted(SignatureKeys.MIN_RSA_BITS, SignatureKeys.MIN_EC_BITS));
        } catch (RuntimeException malformed) {
            return Optional.of("jwks holds a key that cannot be read");
        }
    }

    /** Empty for a kind of key that Keycloak does not know. */
    private static Optional<PublicKey> publicKey(JWK jwk) {
        return jwk.getKeyType() == null
                ? Optional.empty()
                : Optional.ofNullable(JWKSUtils.getKeyWrapper(jwk))
                        .map(KeyWrapper::getPublicKey)
                        .map(PublicKey.class::cast);
    }
}
