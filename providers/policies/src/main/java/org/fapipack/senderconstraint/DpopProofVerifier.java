package org.fapipack.senderconstraint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.fapipack.core.dpop.DpopProofDefect;
import org.fapipack.core.dpop.DpopProofRules;
import org.fapipack.core.jose.CompactJws;
import org.fapipack.core.jose.SignatureKeys;
import org.fapipack.replay.ReplayGuard;
import org.keycloak.common.VerificationException;
import org.keycloak.crypto.KeyUse;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.jose.jwk.JWK;
import org.keycloak.models.KeycloakSession;
import org.keycloak.util.JWKSUtils;
import org.keycloak.util.JsonSerialization;

/** Verifies a DPoP proof: what it says, then its signature by the key it carries, then that it was not used before. */
final class DpopProofVerifier {

    private final KeycloakSession session;
    private final DpopProofRules rules;

    DpopProofVerifier(KeycloakSession session, DpopProofRules rules) {
        this.session = session;
        this.rules = rules;
    }

    /** The first defect of a proof, empty when it is good; it is used up then. */
    Optional<DpopProofDefect> firstDefect(
            CompactJws proof, String compact, DpopProofRules.Request request, Instant now) {
        return rules.firstDefect(proof.header(), proof.claims(), request, now)
                .or(() -> signatureDefect(proof, compact))
                .or(() -> replayDefect(proof, now));
    }

    private Optional<DpopProofDefect> signatureDefect(CompactJws proof, String compact) {
        String algorithm = proof.header().path("alg").asText();
        KeyWrapper key;
        try {
            key = JWKSUtils.getKeyWrapper(jwk(proof.header().path("jwk")));
        } catch (JsonProcessingException | RuntimeException notAKey) {
            key = null;
        }
        if (key == null
                || !(key.getPublicKey() instanceof PublicKey publicKey)
                || !SignatureKeys.fit(algorithm, publicKey)) {
            return defect(
                    "key_not_allowed",
                    "the DPoP proof's jwk must be fit for its algorithm: RSA of " + SignatureKeys.MIN_RSA_BITS
                            + " bits or more for PS256, P-256 for ES256, Ed25519 for EdDSA");
        }
        key.setAlgorithm(algorithm);
        key.setUse(KeyUse.SIG);
        return isSignedBy(key, algorithm, compact)
                ? Optional.empty()
                : defect("signature_wrong", "the signature of the DPoP proof is wrong");
    }

    private boolean isSignedBy(KeyWrapper key, String algorithm, String compact) {
        int dot = compact.lastIndexOf('.');
        try {
            return VerifiedSignature.verify(
                    session,
                    key,
                    algorithm,
                    compact.substring(0, dot).getBytes(US_ASCII),
                    Base64.getUrlDecoder().decode(compact.substring(dot + 1)));
        } catch (VerificationException | RuntimeException malformed) {
            return false;
        }
    }

    private Optional<DpopProofDefect> replayDefect(CompactJws proof, Instant now) {
        boolean first;
        try {
            first = new ReplayGuard(session, "dpop")
                    .isFirstUse(
                            JWKSUtils.computeThumbprint(jwk(proof.header().path("jwk"))),
                            proof.claims().path("jti").asText(),
                            rules.remainingLife(proof.claims(), now));
        } catch (JsonProcessingException verifiedBefore) {
            throw new IllegalStateException(verifiedBefore);
        }
        return first ? Optional.empty() : defect("proof_already_used", "the DPoP proof has been used before");
    }

    private static JWK jwk(JsonNode node) throws JsonProcessingException {
        return JsonSerialization.mapper.treeToValue(node, JWK.class);
    }

    private static Optional<DpopProofDefect> defect(String reason, String description) {
        return Optional.of(new DpopProofDefect(reason, description));
    }
}
