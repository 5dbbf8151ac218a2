package org.fapipack.testkit.consentstore;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwkSets;

/** Believes a call only if its JWT says that the issuer makes exactly this call, now, for the first time. */
final class CallVerifier {

    /** A call is not believed. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        Refusal(String reason) {
            super(reason);
        }
    }

    private static final Set<String> ALGORITHMS = Set.of("PS256", "ES256", "EdDSA");
    private static final long MAX_SECONDS = 60;
    private static final long SKEW_SECONDS = 10;

    private final String issuer;
    private final String audience;
    private final Supplier<JWKSet> keys;
    private final Clock clock;
    private final Map<String, Long> seen = new HashMap<>();

    CallVerifier(String issuer, String audience, Supplier<JWKSet> keys, Clock clock) {
        this.issuer = issuer;
        this.audience = audience;
        this.keys = keys;
        this.clock = clock;
    }

    /** The claims of a call that is believed. */
    Map<String, Object> verify(String authorization, String method, URI uri, byte[] body) throws Refusal {
        require(authorization != null && authorization.startsWith("Bearer "), "no bearer token");
        CompactJwt jwt;
        try {
            jwt = CompactJwt.parse(authorization.substring("Bearer ".length()));
        } catch (IllegalArgumentException malformed) {
            throw new Refusal("no JWT");
        }
        require(jwt.headerText("typ").filter("consent-call+jwt"::equals).isPresent(), "wrong typ");
        String algorithm = jwt.headerText("alg").orElse("none");
        require(ALGORITHMS.contains(algorithm), "wrong alg");
        JWK key = JwkSets.signingKey(keys.get(), jwt.headerText("kid").orElse(null))
                .orElseThrow(() -> new Refusal("unknown key"));
        require(jwt.isSignedBy(key, JWSAlgorithm.parse(algorithm)), "wrong signature");
        Map<String, Object> claims = jwt.claims();
        require(issuer.equals(claims.get("iss")) && issuer.equals(claims.get("sub")), "wrong issuer");
        require(audience.equals(claims.get("aud")), "wrong audience");
        require(method.equals(claims.get("htm")), "another method");
        require(uri.toString().equals(claims.get("htu")), "another address");
        require(sha256(body).equals(claims.get("body_sha256")), "another body");
        checkTimes(claims);
        return claims;
    }

    private void checkTimes(Map<String, Object> claims) throws Refusal {
        long now = clock.instant().getEpochSecond();
        require(claims.get("iat") instanceof Long && claims.get("exp") instanceof Long, "no times");
        long issued = (Long) claims.get("iat");
        long expires = (Long) claims.get("exp");
        require(issued <= now + SKEW_SECONDS && now < expires + SKEW_SECONDS, "too early or too late");
        require(expires - issued <= MAX_SECONDS, "good for too long");
        require(claims.get("jti") instanceof String, "no jti");
        synchronized (seen) {
            seen.values().removeIf(end -> end < now - SKEW_SECONDS);
            require(seen.put((String) claims.get("jti"), expires) == null, "seen before");
        }
    }

    private static String sha256(byte[] body) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static void require(boolean holds, String reason) throws Refusal {
        if (!holds) {
            throw new Refusal(reason);
        }
    }
}
