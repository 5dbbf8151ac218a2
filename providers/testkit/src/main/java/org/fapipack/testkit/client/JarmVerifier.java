package org.fapipack.testkit.client;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.fapipack.testkit.client.JarmRejection.Reason;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwkSets;

/**
 * Verifies authorization responses as a careful client does (JARM, section 2.4): expected algorithm only, key by id from
 * the issuer, no duplicate members, issuer, audience, expiry, state.
 */
final class JarmVerifier {

    /** JARM recommends at most ten minutes between response and expiry. */
    private static final Duration MAX_LIFETIME = Duration.ofMinutes(10);

    private static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

    private final String issuer;
    private final String clientId;
    private final JWSAlgorithm algorithm;
    private final Optional<JWK> decryptionKey;
    private final Supplier<JWKSet> issuerKeys;
    private final Clock clock;

    JarmVerifier(
            String issuer,
            String clientId,
            JWSAlgorithm algorithm,
            Optional<JWK> decryptionKey,
            Supplier<JWKSet> issuerKeys,
            Clock clock) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.algorithm = algorithm;
        this.decryptionKey = decryptionKey;
        this.issuerKeys = issuerKeys;
        this.clock = clock;
    }

    JarmResponse verify(Form parameters, String expectedState) {
        if (parameters.fields().size() != 1 || parameters.first("response").isEmpty()) {
            throw new JarmRejection(Reason.PARAMETERS, "not exactly one parameter \"response\" but " + parameters);
        }
        String compact = parameters.first("response").orElseThrow();
        String signed = decryptionKey.map(key -> decrypt(compact, key)).orElse(compact);
        CompactJwt jwt = parse(signed);
        verifySignature(jwt);
        Map<String, Object> claims = claims(jwt);
        verifyClaims(claims, expectedState);
        return new JarmResponse(compact, jwt.header(), claims);
    }

    private static String decrypt(String compact, JWK key) {
        if (compact.split("\\.", -1).length != 5) {
            throw new JarmRejection(Reason.NOT_ENCRYPTED, "an encrypted response was agreed on");
        }
        try {
            return Encrypted.open(compact, key);
        } catch (IllegalArgumentException e) {
            throw new JarmRejection(Reason.DECRYPTION, e.getMessage());
        }
    }

    private static CompactJwt parse(String compact) {
        try {
            return CompactJwt.parse(compact);
        } catch (IllegalArgumentException e) {
            throw new JarmRejection(Reason.FORMAT, e.getMessage());
        }
    }

    private void verifySignature(CompactJwt jwt) {
        if (!jwt.headerText("alg").equals(Optional.of(algorithm.getName()))) {
            throw new JarmRejection(
                    Reason.ALGORITHM,
                    "expected " + algorithm + ", got " + jwt.header().get("alg"));
        }
        String keyId = jwt.headerText("kid").orElse(null);
        JWK key = JwkSets.signingKey(issuerKeys.get(), keyId)
                .orElseThrow(() -> new JarmRejection(Reason.KEY, "the issuer publishes no key " + keyId));
        if (!jwt.isSignedBy(key, algorithm)) {
            throw new JarmRejection(Reason.SIGNATURE, "the signature is wrong");
        }
    }

    private static Map<String, Object> claims(CompactJwt jwt) {
        try {
            return jwt.claims();
        } catch (IllegalArgumentException e) {
            throw new JarmRejection(Reason.FORMAT, e.getMessage());
        }
    }

    private void verifyClaims(Map<String, Object> claims, String expectedState) {
        if (!issuer.equals(claims.get("iss"))) {
            throw new JarmRejection(Reason.ISSUER, "iss is " + claims.get("iss"));
        }
        Object audience = claims.get("aud");
        if (!clientId.equals(audience) && !List.of(clientId).equals(audience)) {
            throw new JarmRejection(Reason.AUDIENCE, "aud is " + audience);
        }
        if (!(claims.get("exp") instanceof Long expiry)) {
            throw new JarmRejection(Reason.EXPIRY, "exp is " + claims.get("exp"));
        }
        Instant now = clock.instant();
        Instant end = Instant.ofEpochSecond(expiry);
        if (!now.minus(CLOCK_SKEW).isBefore(end)
                || end.isAfter(now.plus(MAX_LIFETIME).plus(CLOCK_SKEW))) {
            throw new JarmRejection(Reason.EXPIRY, "exp is " + end + ", now is " + now);
        }
        if (!expectedState.equals(claims.get("state"))) {
            throw new JarmRejection(Reason.STATE, "state is " + claims.get("state"));
        }
    }
}
