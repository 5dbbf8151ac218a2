package org.fapipack.testkit.resource;

import static java.util.Locale.ROOT;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwkSets;
import org.fapipack.testkit.resource.IntrospectionRejection.Reason;

/**
 * Verifies signed, or signed and encrypted, introspection responses for one resource server.
 *
 * <p>Believes nothing outside {@code token_introspection}, takes keys only from the issuer, and wants exactly the
 * algorithms that the resource server registered.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9701.html#section-5">RFC 9701 section 5</a>
 */
public final class IntrospectionResponseVerifier {

    public static final String MEDIA_TYPE = "application/token-introspection+jwt";

    private static final String TYPE = "token-introspection+jwt";

    /** The RFC sets no limit. A response answers a request of this moment, so a minute is much. */
    static final Duration MAX_AGE = Duration.ofSeconds(60);

    /** The FAPI 2.0 tolerance between well-kept clocks. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

    private record Encryption(JWEAlgorithm algorithm, EncryptionMethod method, JWK privateKey) {}

    private final String issuer;
    private final String resourceServer;
    private final JWSAlgorithm algorithm;
    private final Optional<Encryption> encryption;
    private final Supplier<JWKSet> issuerKeys;
    private final Clock clock;

    private IntrospectionResponseVerifier(
            String issuer,
            String resourceServer,
            JWSAlgorithm algorithm,
            Optional<Encryption> encryption,
            Supplier<JWKSet> issuerKeys,
            Clock clock) {
        this.issuer = issuer;
        this.resourceServer = resourceServer;
        this.algorithm = algorithm;
        this.encryption = encryption;
        this.issuerKeys = issuerKeys;
        this.clock = clock;
    }

    /**
     * For signed responses.
     *
     * @param resourceServer the identifier under which the resource server asks
     * @param algorithm its registered {@code introspection_signed_response_alg}
     * @param issuerKeys the keys that the issuer publishes
     */
    public static IntrospectionResponseVerifier signed(
            String issuer, String resourceServer, JWSAlgorithm algorithm, Supplier<JWKSet> issuerKeys, Clock clock) {
        return new IntrospectionResponseVerifier(
                issuer, resourceServer, algorithm, Optional.empty(), issuerKeys, clock);
    }

    /** The same for a resource server that registered encryption: signed only is refused from now on. */
    public IntrospectionResponseVerifier encrypted(
            JWEAlgorithm keyManagement, EncryptionMethod method, JWK privateKey) {
        return new IntrospectionResponseVerifier(
                issuer,
                resourceServer,
                algorithm,
                Optional.of(new Encryption(keyManagement, method, privateKey)),
                issuerKeys,
                clock);
    }

    /** Verifies the answer of an introspection endpoint. */
    public TokenIntrospection verify(Exchange answer) {
        return verify(answer.status(), answer.header("content-type").orElse(""), answer.body());
    }

    /**
     * Verifies an answer.
     *
     * @throws IntrospectionRejection when it must not be believed; a token that is not active is no rejection
     */
    public TokenIntrospection verify(int status, String contentType, String body) {
        requireMediaType(status, contentType);
        String signed = encryption.map(registered -> decrypt(body, registered)).orElse(body);
        CompactJwt jwt = parse(signed);
        requireHeader(jwt);
        verifySignature(jwt);
        Map<String, Object> claims = claims(jwt);
        requireClaims(claims);
        return introspection(claims, signed, jwt.header());
    }

    private static void requireMediaType(int status, String contentType) {
        if (status != 200) {
            throw new IntrospectionRejection(Reason.STATUS, "status " + status);
        }
        String mediaType = contentType.split(";", -1)[0].strip().toLowerCase(ROOT);
        if (mediaType.equals("application/json")) {
            throw new IntrospectionRejection(Reason.DOWNGRADE, "an unsigned answer");
        }
        if (!mediaType.equals(MEDIA_TYPE)) {
            throw new IntrospectionRejection(Reason.CONTENT_TYPE, mediaType);
        }
    }

    private static String decrypt(String body, Encryption registered) {
        if (parts(body) != 5) {
            throw new IntrospectionRejection(Reason.NOT_ENCRYPTED, "encryption is registered");
        }
        try {
            JWEObject jwe = JWEObject.parse(body);
            if (!registered.algorithm().equals(jwe.getHeader().getAlgorithm())) {
                throw new IntrospectionRejection(
                        Reason.ENCRYPTION_ALGORITHM,
                        jwe.getHeader().getAlgorithm().getName());
            }
            if (!registered.method().equals(jwe.getHeader().getEncryptionMethod())) {
                throw new IntrospectionRejection(
                        Reason.ENCRYPTION_METHOD,
                        jwe.getHeader().getEncryptionMethod().getName());
            }
            JWK key = registered.privateKey();
            jwe.decrypt(key instanceof ECKey ec ? new ECDHDecrypter(ec) : new RSADecrypter(key.toRSAKey()));
            String plaintext = jwe.getPayload().toString();
            if (parts(plaintext) != 3) {
                throw new IntrospectionRejection(Reason.NOT_SIGNED, "encrypted, but not signed");
            }
            if (!"JWT".equalsIgnoreCase(jwe.getHeader().getContentType())) {
                throw new IntrospectionRejection(
                        Reason.CTY, "cty is " + jwe.getHeader().getContentType());
            }
            return plaintext;
        } catch (ParseException | JOSEException e) {
            throw new IntrospectionRejection(Reason.DECRYPTION, "cannot decrypt");
        }
    }

    private static CompactJwt parse(String signed) {
        if (parts(signed) != 3) {
            throw new IntrospectionRejection(Reason.NOT_SIGNED, "not a signed JWT");
        }
        try {
            return CompactJwt.parse(signed);
        } catch (IllegalArgumentException e) {
            throw new IntrospectionRejection(Reason.JSON, "not a readable JWT");
        }
    }

    private static int parts(String compact) {
        return compact.split("\\.", -1).length;
    }

    private void requireHeader(CompactJwt jwt) {
        String type = jwt.headerText("typ").orElse("").toLowerCase(ROOT);
        if (!type.equals(TYPE) && !type.equals(MEDIA_TYPE)) {
            throw new IntrospectionRejection(Reason.TYP, "typ is \"" + type + "\"");
        }
        if (!algorithm.getName().equals(jwt.header().get("alg"))) {
            throw new IntrospectionRejection(
                    Reason.ALG,
                    "registered is " + algorithm + ", got " + jwt.header().get("alg"));
        }
        if (jwt.header().containsKey("crit")) {
            throw new IntrospectionRejection(Reason.CRIT, "a critical header parameter");
        }
    }

    private void verifySignature(CompactJwt jwt) {
        String keyId = jwt.headerText("kid").orElse(null);
        JWK key = JwkSets.signingKey(issuerKeys.get(), keyId)
                .filter(published -> published.getAlgorithm() == null
                        || published.getAlgorithm().equals(algorithm))
                .orElseThrow(() -> new IntrospectionRejection(Reason.KEY, "no published key " + keyId));
        if (!jwt.isSignedBy(key, algorithm)) {
            throw new IntrospectionRejection(Reason.SIGNATURE, "the signature is wrong");
        }
    }

    private static Map<String, Object> claims(CompactJwt jwt) {
        try {
            return jwt.claims();
        } catch (IllegalArgumentException e) {
            throw new IntrospectionRejection(Reason.JSON, "the payload is no JSON object, or has duplicate members");
        }
    }

    private void requireClaims(Map<String, Object> claims) {
        if (!issuer.equals(claims.get("iss"))) {
            throw new IntrospectionRejection(Reason.ISS, "iss is " + claims.get("iss"));
        }
        Object audience = claims.get("aud");
        if (!resourceServer.equals(audience) && !(audience instanceof List<?> list && list.contains(resourceServer))) {
            throw new IntrospectionRejection(Reason.AUD, "aud is " + audience);
        }
        if (!(claims.get("iat") instanceof Long issuedAt)) {
            throw new IntrospectionRejection(Reason.IAT, "iat is " + claims.get("iat"));
        }
        long ageSeconds = clock.instant().getEpochSecond() - issuedAt;
        if (ageSeconds > MAX_AGE.plus(CLOCK_SKEW).toSeconds() || ageSeconds < -CLOCK_SKEW.toSeconds()) {
            throw new IntrospectionRejection(Reason.IAT, "issued " + ageSeconds + " s ago");
        }
    }

    private static TokenIntrospection introspection(
            Map<String, Object> claims, String signed, Map<String, Object> header) {
        if (!(claims.get("token_introspection") instanceof Map<?, ?> object)
                || !(object.get("active") instanceof Boolean active)) {
            throw new IntrospectionRejection(
                    Reason.TOKEN_INTROSPECTION, "no token_introspection object with a Boolean active");
        }
        return TokenIntrospection.of(active, Json.object(object), signed, header, claims);
    }
}
