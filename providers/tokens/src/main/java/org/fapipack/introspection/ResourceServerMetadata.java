package org.fapipack.introspection;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.fapipack.core.jose.FapiAlgorithms;
import org.keycloak.util.JsonSerialization;

/**
 * What a resource server registered for introspection (RFC 9701 section 6), read from the client's attributes and checked.
 *
 * @param signedResponseAlg JWS algorithm, one of those the rules allow
 * @param encryptedResponseAlg JWE key management algorithm; empty means the response is not encrypted
 * @param encryptedResponseEnc JWE content encryption; meaningful only with an {@code encryptedResponseAlg}
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9701.html#section-6">RFC 9701 section 6</a>
 */
record ResourceServerMetadata(
        String signedResponseAlg, Optional<String> encryptedResponseAlg, String encryptedResponseEnc) {

    /** Marks a client as a resource server; being confidential is not enough (FAPI 2.0 Message Signing 6.2). */
    static final String RESOURCE_SERVER = "fapi.resource.server";

    /** Names of claims beyond the protocol's own that this resource server may see, separated by spaces. */
    static final String EXTRA_CLAIMS = "fapi.introspection.claims";

    static final String SIGNED_RESPONSE_ALG = "introspection.signed.response.alg";
    static final String ENCRYPTED_RESPONSE_ALG = "introspection.encrypted.response.alg";
    static final String ENCRYPTED_RESPONSE_ENC = "introspection.encrypted.response.enc";

    /** RFC 9701 section 6: the content encryption of a resource server that registered only the algorithm. */
    private static final String DEFAULT_ENC = "A128CBC-HS256";

    private static final String USE_JWKS_STRING = "use.jwks.string";
    private static final String USE_JWKS_URL = "use.jwks.url";
    private static final String JWKS_STRING = "jwks.string";

    /**
     * Reads and checks the attributes of a client.
     *
     * @param attributes gives the value of a client attribute, null where it is absent
     * @param rules the rules in force
     * @throws InvalidResourceServerMetadata if an algorithm is not allowed, an encryption is incomplete, or no key can be found for it
     */
    static ResourceServerMetadata read(UnaryOperator<String> attributes, SignedIntrospectionRules rules)
            throws InvalidResourceServerMetadata {
        String signedResponseAlg = value(attributes, SIGNED_RESPONSE_ALG).orElse(rules.defaultAlgorithm());
        if (!rules.allowedAlgorithms().contains(signedResponseAlg)) {
            throw new InvalidResourceServerMetadata(
                    "introspection_signed_response_alg must be one of " + String.join(", ", rules.allowedAlgorithms()));
        }
        Optional<String> alg = value(attributes, ENCRYPTED_RESPONSE_ALG);
        Optional<String> enc = value(attributes, ENCRYPTED_RESPONSE_ENC);
        if (alg.isEmpty() && enc.isPresent()) {
            throw new InvalidResourceServerMetadata(
                    "introspection_encrypted_response_enc needs introspection_encrypted_response_alg");
        }
        if (alg.isPresent()) {
            checkEncryption(attributes, alg.get(), enc.orElse(DEFAULT_ENC));
        }
        return new ResourceServerMetadata(signedResponseAlg, alg, enc.orElse(DEFAULT_ENC));
    }

    /** The extra claims a resource server may see. */
    static Set<String> extraClaims(UnaryOperator<String> attributes) {
        return value(attributes, EXTRA_CLAIMS)
                .map(names -> Set.of(names.strip().split("\\s+")))
                .orElse(Set.of());
    }

    static boolean isResourceServer(UnaryOperator<String> attributes) {
        return "true".equals(attributes.apply(RESOURCE_SERVER));
    }

    private static void checkEncryption(UnaryOperator<String> attributes, String alg, String enc)
            throws InvalidResourceServerMetadata {
        if (!FapiAlgorithms.KEY_MANAGEMENT.contains(alg)) {
            throw new InvalidResourceServerMetadata("introspection_encrypted_response_alg must be one of "
                    + String.join(", ", FapiAlgorithms.KEY_MANAGEMENT));
        }
        if (!FapiAlgorithms.CONTENT_ENCRYPTION.contains(enc)) {
            throw new InvalidResourceServerMetadata("introspection_encrypted_response_enc must be one of "
                    + String.join(", ", FapiAlgorithms.CONTENT_ENCRYPTION));
        }
        boolean byValue = "true".equals(attributes.apply(USE_JWKS_STRING));
        boolean byReference = "true".equals(attributes.apply(USE_JWKS_URL));
        if (byValue == byReference) {
            throw new InvalidResourceServerMetadata(
                    "introspection_encrypted_response_alg needs either jwks or jwks_uri, and not both");
        }
        if (byValue && !hasEncryptionKey(attributes.apply(JWKS_STRING), FapiAlgorithms.keyTypeFor(alg))) {
            throw new InvalidResourceServerMetadata(
                    "the jwks contain no encryption key for introspection_encrypted_response_alg");
        }
    }

    private static boolean hasEncryptionKey(String jwks, String keyType) {
        try {
            JsonNode set = JsonSerialization.mapper.readTree(jwks == null ? "" : jwks);
            for (JsonNode key : set.path("keys")) {
                // Keycloak loads no key without a use, so such a key could not be used either.
                boolean forEncryption = "enc".equals(key.path("use").asText());
                if (forEncryption && keyType.equals(key.path("kty").asText())) {
                    return true;
                }
            }
            return false;
        } catch (IOException notJson) {
            return false;
        }
    }

    private static Optional<String> value(UnaryOperator<String> attributes, String name) {
        return Optional.ofNullable(attributes.apply(name)).filter(text -> !text.isBlank());
    }
}
