package org.fapipack.clientmetadata;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.core.jose.SignatureKeys;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.jose.jwk.JSONWebKeySet;
import org.keycloak.jose.jwk.JWK;
import org.keycloak.protocol.oidc.OIDCConfigAttributes;
import org.keycloak.util.JWKSUtils;
import org.keycloak.util.JsonSerialization;

/**
 * What a client's attributes may say.
 *
 * @param algorithms JWS algorithms a client may register
 */
record ClientMetadataRules(List<String> algorithms) {

    /** The client metadata that name a signature algorithm, by the attribute that Keycloak keeps them in. Absent ones are judged elsewhere. */
    private static final Map<String, String> SIGNED = inOrder(
            OIDCConfigAttributes.ID_TOKEN_SIGNED_RESPONSE_ALG, "id_token_signed_response_alg",
            OIDCConfigAttributes.USER_INFO_RESPONSE_SIGNATURE_ALG, "userinfo_signed_response_alg",
            OIDCConfigAttributes.REQUEST_OBJECT_SIGNATURE_ALG, "request_object_signing_alg",
            OIDCConfigAttributes.TOKEN_ENDPOINT_AUTH_SIGNING_ALG, "token_endpoint_auth_signing_alg",
            OIDCConfigAttributes.ACCESS_TOKEN_SIGNED_RESPONSE_ALG, "the access token's signature algorithm");

    private static final Map<String, String> ENCRYPTED = inOrder(
            OIDCConfigAttributes.ID_TOKEN_ENCRYPTED_RESPONSE_ALG, "id_token_encrypted_response_alg",
            OIDCConfigAttributes.USER_INFO_ENCRYPTED_RESPONSE_ALG, "userinfo_encrypted_response_alg",
            OIDCConfigAttributes.REQUEST_OBJECT_ENCRYPTION_ALG, "request_object_encryption_alg",
            OIDCConfigAttributes.AUTHORIZATION_ENCRYPTED_RESPONSE_ALG, "authorization_encrypted_response_alg");

    /** Keycloak's word for "whatever the client sends", which other rules narrow. */
    private static final String ANY = "any";

    /** By SHA-1, but sound (RFC 8017 section 7.1); what libraries know best. */
    private static final String RSA_OAEP = "RSA-OAEP";

    /**
     * Finds the first defect.
     *
     * @param attributes gives the value of a client attribute, null where it is absent
     * @return text for whoever saves the client: says what to change, echoes no value
     */
    Optional<String> firstDefect(UnaryOperator<String> attributes) {
        return algorithmDefect(attributes)
                .or(() -> encryptionDefect(attributes))
                .or(() -> keyDefect(attributes))
                .or(() -> issuerDefect(attributes));
    }

    private Optional<String> algorithmDefect(UnaryOperator<String> attributes) {
        return SIGNED.entrySet().stream()
                .filter(metadata -> isSaid(attributes.apply(metadata.getKey())))
                .filter(metadata -> !algorithms.contains(attributes.apply(metadata.getKey())))
                .findFirst()
                .map(metadata -> metadata.getValue() + " must be one of " + String.join(", ", algorithms));
    }

    private static boolean isSaid(String algorithm) {
        return algorithm != null && !algorithm.isEmpty() && !ANY.equals(algorithm);
    }

    private static Optional<String> encryptionDefect(UnaryOperator<String> attributes) {
        List<String> allowed = Stream.concat(FapiAlgorithms.KEY_MANAGEMENT.stream(), Stream.of(RSA_OAEP))
                .toList();
        return ENCRYPTED.entrySet().stream()
                .filter(metadata -> isSaid(attributes.apply(metadata.getKey())))
                .filter(metadata -> !allowed.contains(attributes.apply(metadata.getKey())))
                .findFirst()
                .map(metadata -> metadata.getValue() + " must be one of " + String.join(", ", allowed));
    }

    private static Optional<String> keyDefect(UnaryOperator<String> attributes) {
        boolean byValue = Boolean.parseBoolean(attributes.apply(OIDCConfigAttributes.USE_JWKS_STRING));
        boolean byReference = Boolean.parseBoolean(attributes.apply(OIDCConfigAttributes.USE_JWKS_URL));
        if (byValue && byReference) {
            return Optional.of("jwks and jwks_uri must not both be registered");
        }
        String address = attributes.apply(OIDCConfigAttributes.JWKS_URL);
        if (byReference && (address == null || !address.startsWith("https://"))) {
            return Optional.of("jwks_uri must be an https address");
        }
        String keys = attributes.apply(OIDCConfigAttributes.JWKS_STRING);
        return byValue && keys != null ? jwksDefect(keys) : Optional.empty();
    }

    private static Optional<String> jwksDefect(String text) {
        try {
            JWK[] keys = JsonSerialization.mapper
                    .readValue(text, JSONWebKeySet.class)
                    .getKeys();
            return Stream.of(keys == null ? new JWK[0] : keys)
                    .map(ClientMetadataRules::jwkDefect)
                    .flatMap(Optional::stream)
                    .findFirst();
        } catch (JsonProcessingException notAKeySet) {
            return Optional.of("jwks is not a JWK Set");
        }
    }

    private static Optional<String> jwkDefect(JWK jwk) {
        if (jwk.getOtherClaims().keySet().stream().anyMatch(member -> member.equals("d") || member.equals("k"))) {
            return Optional.of("jwks must hold public keys only");
        }
        try {
            KeyWrapper key = JWKSUtils.getKeyWrapper(jwk);
            return key != null
                            && key.getPublicKey() instanceof PublicKey publicKey
                            && SignatureKeys.areTooShort(publicKey)
                    ? Optional.of("jwks holds a key of less than %d bits (RSA) or %d bits (EC)"
                            .formatted(SignatureKeys.MIN_RSA_BITS, SignatureKeys.MIN_EC_BITS))
                    : Optional.empty();
        } catch (RuntimeException malformed) {
            return Optional.of("jwks holds a key that cannot be read");
        }
    }

    private static Optional<String> issuerDefect(UnaryOperator<String> attributes) {
        return Boolean.parseBoolean(attributes.apply(OIDCConfigAttributes.EXCLUDE_ISSUER_FROM_AUTH_RESPONSE))
                ? Optional.of("authorization responses must carry iss (RFC 9207); switch off its exclusion")
                : Optional.empty();
    }

    private static Map<String, String> inOrder(String... attributesAndMetadata) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < attributesAndMetadata.length; i += 2) {
            map.put(attributesAndMetadata[i], attributesAndMetadata[i + 1]);
        }
        return map;
    }
}
