package org.fapipack.clientmetadata;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fapipack.core.jose.CompactJws;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.executor.Rules;
import org.keycloak.models.CibaConfig;
import org.keycloak.protocol.oidc.OIDCConfigAttributes;

/**
 * What a client's attributes may say.
 *
 * @param algorithms JWS algorithms a client may register
 * @param keyManagement JWE algorithms for keys that it may register
 * @param contentEncryption JWE algorithms for contents that it may register
 * @param idTokenEncrypted whether its ID tokens have to be encrypted
 */
record ClientMetadataRules(
        List<String> algorithms, List<String> keyManagement, List<String> contentEncryption, boolean idTokenEncrypted)
        implements Rules<ClientMetadataRules> {

    /** The client metadata that name a signature algorithm, by the attribute that Keycloak keeps them in. Absent ones are judged elsewhere. */
    private static final Map<String, String> SIGNED = inOrder(
            OIDCConfigAttributes.ID_TOKEN_SIGNED_RESPONSE_ALG,
            "id_token_signed_response_alg",
            OIDCConfigAttributes.USER_INFO_RESPONSE_SIGNATURE_ALG,
            "userinfo_signed_response_alg",
            OIDCConfigAttributes.REQUEST_OBJECT_SIGNATURE_ALG,
            "request_object_signing_alg",
            OIDCConfigAttributes.TOKEN_ENDPOINT_AUTH_SIGNING_ALG,
            "token_endpoint_auth_signing_alg",
            OIDCConfigAttributes.ACCESS_TOKEN_SIGNED_RESPONSE_ALG,
            "the access token's signature algorithm",
            "introspection.signed.response.alg",
            "introspection_signed_response_alg",
            CibaConfig.CIBA_BACKCHANNEL_AUTH_REQUEST_SIGNING_ALG,
            "backchannel_authentication_request_signing_alg");

    /** Those of them that the realm's default algorithm signs where a client names none. */
    private static final List<String> SIGNED_BY_DEFAULT = List.of(
            OIDCConfigAttributes.ID_TOKEN_SIGNED_RESPONSE_ALG, OIDCConfigAttributes.ACCESS_TOKEN_SIGNED_RESPONSE_ALG);

    /** The metadata that name an encryption, without their endings {@code alg} and {@code enc}, by the attribute without its ending. */
    private static final Map<String, String> ENCRYPTED = inOrder(
            "id.token.encrypted.response.", "id_token_encrypted_response_",
            "user.info.encrypted.response.", "userinfo_encrypted_response_",
            "request.object.encryption.", "request_object_encryption_",
            "authorization.encrypted.response.", "authorization_encrypted_response_",
            "introspection.encrypted.response.", "introspection_encrypted_response_");

    private static final String ALG = "alg";
    private static final String ENC = "enc";

    /** What a client gets that names only the {@code alg}: OpenID Connect Registration 2, JARM 3, RFC 9701 section 6. */
    private static final String DEFAULT_ENC = "A128CBC-HS256";

    static final List<String> CONTENT_ENCRYPTION =
            List.of(DEFAULT_ENC, "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM");

    /** What a client signs itself, so that its keys have to fit. */
    private static final Map<String, String> SIGNED_BY_THE_CLIENT = inOrder(
            OIDCConfigAttributes.TOKEN_ENDPOINT_AUTH_SIGNING_ALG, "token_endpoint_auth_signing_alg",
            OIDCConfigAttributes.REQUEST_OBJECT_SIGNATURE_ALG, "request_object_signing_alg");

    /** Keycloak's word for "whatever the client sends", which other rules narrow. */
    private static final String ANY = "any";

    /** The client attribute with the registered {@code default_max_age}, in seconds. */
    static final String DEFAULT_MAX_AGE = "default.max.age";

    /** By SHA-1, but sound (RFC 8017 section 7.1); what libraries know best. */
    private static final String RSA_OAEP = "RSA-OAEP";

    static final List<String> KEY_MANAGEMENT = Stream.concat(
                    FapiAlgorithms.KEY_MANAGEMENT.stream(), Stream.of(RSA_OAEP))
            .toList();

    /** Keycloak encrypts an ID token where both are registered. */
    private static final String ID_TOKEN = "id.token.encrypted.response.";

    /**
     * Finds the first defect.
     *
     * @param attributes gives the value of a client attribute, null where it is absent
     * @param realmDefault signs what the client names no algorithm for
     * @param keys judges a {@code jwks} as {@link JwkSetRules#firstDefect} does
     * @return text for whoever saves the client: says what to change, echoes no value
     */
    Optional<String> firstDefect(
            UnaryOperator<String> attributes, String realmDefault, Function<String, Optional<String>> keys) {
        return algorithmDefect(attributes)
                .or(() -> defaultDefect(attributes, realmDefault))
                .or(() -> encryptionDefect(attributes))
                .or(() -> missingEncryption(attributes))
                .or(() -> keyDefect(attributes, keys))
                .or(() -> issuerDefect(attributes))
                .or(() -> maxAgeDefect(attributes.apply(DEFAULT_MAX_AGE)));
    }

    /** Finds the first defect of what is asked again whenever tokens are issued: whatever they are signed and encrypted with. */
    Optional<String> firstDefectOfTokens(UnaryOperator<String> attributes, String realmDefault) {
        return algorithmDefect(attributes)
                .or(() -> defaultDefect(attributes, realmDefault))
                .or(() -> encryptionDefect(attributes))
                .or(() -> missingEncryption(attributes));
    }

    @Override
    public ClientMetadataRules and(ClientMetadataRules other) {
        return new ClientMetadataRules(
                both(algorithms, other.algorithms),
                both(keyManagement, other.keyManagement),
                both(contentEncryption, other.contentEncryption),
                idTokenEncrypted || other.idTokenEncrypted);
    }

    private static List<String> both(List<String> one, List<String> other) {
        return one.stream().filter(other::contains).toList();
    }

    /**
     * Finds out whether a request object is signed as a client may sign one. One that registered no {@code request_object_signing_alg} may use
     * any of the algorithms.
     *
     * @param requestObject empty where it is not signed
     */
    Optional<String> signatureDefect(Optional<CompactJws> requestObject) {
        if (requestObject.isEmpty()) {
            return Optional.of("the request object must be a signed JWT without duplicate members");
        }
        String algorithm = requestObject.get().header().path("alg").asText();
        return algorithms.contains(FapiAlgorithms.canonical(algorithm))
                ? Optional.empty()
                : Optional.of("the request object must be signed with one of " + String.join(", ", algorithms));
    }

    private static Optional<String> maxAgeDefect(String seconds) {
        return seconds == null || seconds.isEmpty() || isWholeNumber(seconds)
                ? Optional.empty()
                : Optional.of("default_max_age must be a number of seconds");
    }

    private static boolean isWholeNumber(String text) {
        try {
            return Integer.parseInt(text) >= 0;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    private Optional<String> algorithmDefect(UnaryOperator<String> attributes) {
        return SIGNED.entrySet().stream()
                .filter(metadata -> isSaid(attributes.apply(metadata.getKey())))
                .filter(metadata -> !algorithms.contains(attributes.apply(metadata.getKey())))
                .findFirst()
                .map(metadata -> metadata.getValue() + " must be one of " + String.join(", ", algorithms));
    }

    private Optional<String> defaultDefect(UnaryOperator<String> attributes, String realmDefault) {
        return leftToDefault(attributes, realmDefault)
                .findFirst()
                .map(attribute -> SIGNED.get(attribute) + " must be one of " + String.join(", ", algorithms)
                        + "; the client names none, and the realm's default is another");
    }

    /**
     * The attributes that a client leaves to the realm's default algorithm, though that is not allowed.
     *
     * @param attributes gives the value of a client attribute, null where it is absent
     */
    Stream<String> leftToDefault(UnaryOperator<String> attributes, String realmDefault) {
        return algorithms.contains(realmDefault)
                ? Stream.empty()
                : SIGNED_BY_DEFAULT.stream().filter(attribute -> !isSaid(attributes.apply(attribute)));
    }

    private static boolean isSaid(String algorithm) {
        return algorithm != null && !algorithm.isEmpty() && !ANY.equals(algorithm);
    }

    /**
     * Finds the first defect of a client that is being saved, which has what {@link #firstDefect} looks for, and keys that fit what it is
     * going to sign. Keys behind a {@code jwks_uri} are judged when they are used.
     */
    Optional<String> firstDefectOnSaving(UnaryOperator<String> attributes, String realmDefault) {
        return firstDefect(attributes, realmDefault, JwkSetRules::firstDefect).or(() -> unfitKeys(attributes));
    }

    private static Optional<String> unfitKeys(UnaryOperator<String> attributes) {
        String keys = attributes.apply(OIDCConfigAttributes.JWKS_STRING);
        boolean byValue = Boolean.parseBoolean(attributes.apply(OIDCConfigAttributes.USE_JWKS_STRING));
        return SIGNED_BY_THE_CLIENT.entrySet().stream()
                .filter(metadata -> byValue && keys != null && isSaid(attributes.apply(metadata.getKey())))
                .filter(metadata -> !JwkSetRules.holdKeyFor(attributes.apply(metadata.getKey()), keys))
                .findFirst()
                .map(metadata -> "jwks holds no key for the " + metadata.getValue());
    }

    /**
     * The content encryptions that a client leaves to the default, by attribute.
     *
     * @param attributes gives the value of a client attribute, null where it is absent
     */
    static Map<String, String> defaultEncodings(UnaryOperator<String> attributes) {
        Map<String, String> defaults = new LinkedHashMap<>();
        for (String attribute : ENCRYPTED.keySet()) {
            if (isSaid(attributes.apply(attribute + ALG)) && !isSaid(attributes.apply(attribute + ENC))) {
                defaults.put(attribute + ENC, DEFAULT_ENC);
            }
        }
        return defaults;
    }

    private Optional<String> missingEncryption(UnaryOperator<String> attributes) {
        return idTokenEncrypted
                        && !(isSaid(attributes.apply(ID_TOKEN + ALG)) && isSaid(attributes.apply(ID_TOKEN + ENC)))
                ? Optional.of("%salg and %senc must be registered"
                        .formatted(ENCRYPTED.get(ID_TOKEN), ENCRYPTED.get(ID_TOKEN)))
                : Optional.empty();
    }

    private Optional<String> encryptionDefect(UnaryOperator<String> attributes) {
        return ENCRYPTED.entrySet().stream()
                .map(metadata -> encryptionDefect(
                        metadata.getValue(),
                        attributes.apply(metadata.getKey() + ALG),
                        attributes.apply(metadata.getKey() + ENC)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> encryptionDefect(String metadata, String alg, String enc) {
        if (isSaid(alg) && !keyManagement.contains(alg)) {
            return Optional.of(metadata + "alg must be one of " + String.join(", ", keyManagement));
        }
        if (isSaid(enc) && !contentEncryption.contains(enc)) {
            return Optional.of(metadata + "enc must be one of " + String.join(", ", contentEncryption));
        }
        return isSaid(enc) && (alg == null || alg.isEmpty())
                ? Optional.of(metadata + "enc needs " + metadata + "alg")
                : Optional.empty();
    }

    private static Optional<String> keyDefect(
            UnaryOperator<String> attributes, Function<String, Optional<String>> judge) {
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
        return byValue && keys != null ? judge.apply(keys) : Optional.empty();
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
