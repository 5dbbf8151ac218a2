package org.fapipack.testkit.resource;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;

/**
 * Verifies DPoP proofs at a resource server: signature by the key the token is bound to, method, address, access token,
 * time window, and first use.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9449.html#section-4.3">RFC 9449 section 4.3</a>
 */
final class DpopProofVerifier {

    static final Set<String> ALGORITHMS = Set.of("PS256", "ES256", "EdDSA");

    /** How old a proof may be: it is made for one request. */
    static final Duration MAX_AGE = Duration.ofSeconds(60);

    static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

    private final Clock clock;

    /** Thumbprint and jti of proofs seen, until they are too old to be accepted anyway. */
    private final Map<String, Instant> seen = new HashMap<>();

    DpopProofVerifier(Clock clock) {
        this.clock = clock;
    }

    /**
     * Verifies the proof that came with a request.
     *
     * @param proofs the values of the DPoP header; exactly one is right
     * @param expectedThumbprint {@code cnf.jkt} of the access token
     * @throws DpopRejection otherwise
     */
    void verify(List<String> proofs, String method, URI uri, String accessToken, String expectedThumbprint) {
        if (proofs.size() != 1) {
            throw new DpopRejection("exactly one DPoP header is needed, there are " + proofs.size());
        }
        CompactJwt proof = parse(proofs.get(0));
        String thumbprint = verifyHeader(proof);
        Map<String, Object> claims = claims(proof);
        require(method.equals(claims.get("htm")), "htm is not the method of the request");
        require(samePlace(uri, claims.get("htu")), "htu is not the address of the request");
        require(FapiClient.accessTokenHash(accessToken).equals(claims.get("ath")), "ath is not of this access token");
        require(expectedThumbprint.equals(thumbprint), "the access token is bound to another key");
        require(claims.get("iat") instanceof Long, "iat is missing");
        Instant issuedAt = Instant.ofEpochSecond((Long) claims.get("iat"));
        Instant now = clock.instant();
        require(!issuedAt.isBefore(now.minus(MAX_AGE).minus(CLOCK_SKEW)), "the proof is too old");
        require(!issuedAt.isAfter(now.plus(CLOCK_SKEW)), "the proof is from the future");
        require(claims.get("jti") instanceof String text && !text.isBlank(), "jti is missing");
        // Last, so that a refused proof does not use up its jti.
        require(isFirstUse(thumbprint + " " + claims.get("jti"), issuedAt), "the proof was used before");
    }

    private static CompactJwt parse(String compact) {
        try {
            return CompactJwt.parse(compact);
        } catch (IllegalArgumentException e) {
            throw new DpopRejection("not a signed JWT");
        }
    }

    /** Verifies type, algorithm and signature, and gives the thumbprint of the key that signed. */
    private static String verifyHeader(CompactJwt proof) {
        require("dpop+jwt".equals(proof.header().get("typ")), "typ is not dpop+jwt");
        String algorithm = proof.headerText("alg").orElse("");
        require(ALGORITHMS.contains(algorithm), "alg is not one of " + ALGORITHMS);
        require(!proof.header().containsKey("crit"), "a critical header parameter");
        require(proof.header().get("jwk") instanceof Map, "jwk is missing");
        try {
            JWK key = JWK.parse(Json.object(proof.header().get("jwk")));
            require(!key.isPrivate(), "jwk is a private key");
            require(proof.isSignedBy(key, JWSAlgorithm.parse(algorithm)), "the signature is wrong");
            return key.computeThumbprint().toString();
        } catch (ParseException | JOSEException e) {
            throw new DpopRejection("jwk is no usable key");
        }
    }

    private static Map<String, Object> claims(CompactJwt proof) {
        try {
            return proof.claims();
        } catch (IllegalArgumentException e) {
            throw new DpopRejection("the payload is no JSON object");
        }
    }

    /** Equal but for query, fragment, and the case of scheme and host. */
    private static boolean samePlace(URI uri, Object htu) {
        if (!(htu instanceof String text)) {
            return false;
        }
        try {
            URI claimed = URI.create(text);
            return uri.getScheme().equalsIgnoreCase(claimed.getScheme())
                    && uri.getHost().equalsIgnoreCase(claimed.getHost())
                    && uri.getPort() == claimed.getPort()
                    && uri.getRawPath().equals(claimed.getRawPath());
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private synchronized boolean isFirstUse(String proof, Instant issuedAt) {
        Instant now = clock.instant();
        seen.values().removeIf(now::isAfter);
        return seen.putIfAbsent(proof, issuedAt.plus(MAX_AGE).plus(CLOCK_SKEW)) == null;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new DpopRejection(otherwise);
        }
    }
}
