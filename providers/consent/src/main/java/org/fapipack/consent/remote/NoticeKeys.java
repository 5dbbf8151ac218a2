package org.fapipack.consent.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.PublicKey;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.core.jose.SignatureKeys;
import org.keycloak.crypto.KeyUse;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.jose.jwk.JWK;
import org.keycloak.util.JWKSUtils;
import org.keycloak.util.JsonSerialization;

/** The public keys of whoever sends notices, as an administrator saved them. */
final class NoticeKeys {

    static final int MAX_KEYS = 10;

    /** Members of private and symmetric keys. */
    private static final Set<String> SECRETS = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private NoticeKeys() {}

    /** What is wrong with a JWK set, if anything is. */
    static Optional<String> defect(JsonNode set) {
        JsonNode keys = set == null ? null : set.path("keys");
        if (keys == null || !keys.isArray() || keys.size() > MAX_KEYS) {
            return Optional.of("a JWK set with at most %d keys is needed".formatted(MAX_KEYS));
        }
        Set<String> ids = new HashSet<>();
        for (JsonNode key : keys) {
            if (StreamSupport.stream(((Iterable<String>) key::fieldNames).spliterator(), false)
                    .anyMatch(SECRETS::contains)) {
                return Optional.of("a key is not public: take it out of use");
            }
            if (!(key instanceof ObjectNode)
                    || key.path("kid").asText().isEmpty()
                    || !ids.add(key.path("kid").asText())
                    || read(key).isEmpty()) {
                return Optional.of(
                        "each key needs a 'kid' of its own, 'use' sig, 'alg' PS256, ES256 or EdDSA, and to be fit for that");
            }
        }
        return Optional.empty();
    }

    /** The key with this id, if it is for this algorithm. */
    static Optional<KeyWrapper> find(JsonNode set, String id, String algorithm) {
        return StreamSupport.stream(set.path("keys").spliterator(), false)
                .filter(key -> key.path("kid").asText().equals(id))
                .findFirst()
                .flatMap(NoticeKeys::read)
                .filter(key -> key.getAlgorithm().equals(algorithm));
    }

    private static Optional<KeyWrapper> read(JsonNode key) {
        String algorithm = FapiAlgorithms.canonical(key.path("alg").asText());
        if (!FapiAlgorithms.SIGNATURE.contains(algorithm)
                || !"sig".equals(key.path("use").asText())) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JWKSUtils.getKeyWrapper(JsonSerialization.mapper.convertValue(key, JWK.class)))
                    .filter(read ->
                            read.getPublicKey() instanceof PublicKey known && SignatureKeys.fit(algorithm, known))
                    .map(read -> {
                        read.setAlgorithm(algorithm);
                        read.setUse(KeyUse.SIG);
                        return read;
                    });
        } catch (RuntimeException noKey) {
            return Optional.empty();
        }
    }
}
