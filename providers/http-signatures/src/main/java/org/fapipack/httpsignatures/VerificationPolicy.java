package org.fapipack.httpsignatures;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * What a verifier accepts. Immutable.
 *
 * @param maxAge longest time since {@code created}, to which the clock skew is added; positive, whole seconds
 * @param clockSkew how far the two clocks may differ, in both directions; not negative, whole seconds. {@code expires} gets none of it: a
 *     verifier may refuse earlier than the signer says, never later
 * @param algorithms the algorithms that keys may have; not empty
 * @param ofRsa the algorithm of an RSA key whose JWK names none: PS256 or PS512
 * @param everySignature whether all signatures with the profile's tag that a key of this signer is named in must be right; otherwise one
 *     suffices, which keeps an injected bad one from doing harm
 * @param nonceRequired whether a signature without {@code nonce} is refused
 * @param fieldTypes the structured fields that may be covered with {@code sf} or {@code key}
 * @param limits how much is looked at
 */
public record VerificationPolicy(
        Duration maxAge,
        Duration clockSkew,
        Set<JoseAlgorithm> algorithms,
        JoseAlgorithm ofRsa,
        boolean everySignature,
        boolean nonceRequired,
        FieldTypes fieldTypes,
        Limits limits) {

    /**
     * The profile as drafted, strictly: 60 seconds as it recommends, 10 seconds of skew as the FAPI 2.0 Security Profile has it for JWTs, FAPI's
     * algorithms PS256, ES256 and EdDSA, every signature must be right.
     */
    public static final VerificationPolicy STRICT = new VerificationPolicy(
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Set.of(JoseAlgorithm.PS256, JoseAlgorithm.ES256, JoseAlgorithm.EDDSA),
            JoseAlgorithm.PS256,
            true,
            false,
            FieldTypes.STANDARD,
            Limits.DEFAULT);

    public VerificationPolicy {
        if (maxAge.isNegative() || maxAge.isZero() || !isInSeconds(maxAge)) {
            throw new IllegalArgumentException("maxAge is at least one second, in whole seconds");
        }
        if (clockSkew.isNegative() || !isInSeconds(clockSkew)) {
            throw new IllegalArgumentException("clockSkew is not negative, in whole seconds");
        }
        algorithms = Set.copyOf(algorithms);
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("at least one algorithm is needed");
        }
        if (ofRsa != JoseAlgorithm.PS256 && ofRsa != JoseAlgorithm.PS512) {
            throw new IllegalArgumentException("ofRsa is PS256 or PS512");
        }
        requireNonNull(fieldTypes, "fieldTypes");
        requireNonNull(limits, "limits");
    }

    /** The same with another window. */
    public VerificationPolicy withWindow(Duration otherMaxAge, Duration otherClockSkew) {
        return new VerificationPolicy(
                otherMaxAge, otherClockSkew, algorithms, ofRsa, everySignature, nonceRequired, fieldTypes, limits);
    }

    /** The same with other algorithms. */
    public VerificationPolicy withAlgorithms(Set<JoseAlgorithm> others, JoseAlgorithm otherOfRsa) {
        return new VerificationPolicy(
                maxAge, clockSkew, others, otherOfRsa, everySignature, nonceRequired, fieldTypes, limits);
    }

    /** The same, but one good signature suffices. */
    public VerificationPolicy withOneSignatureSufficing() {
        return new VerificationPolicy(maxAge, clockSkew, algorithms, ofRsa, false, nonceRequired, fieldTypes, limits);
    }

    /** The same, but a nonce is demanded. */
    public VerificationPolicy withNonceRequired() {
        return new VerificationPolicy(maxAge, clockSkew, algorithms, ofRsa, everySignature, true, fieldTypes, limits);
    }

    /** The same with other structured fields. */
    public VerificationPolicy withFieldTypes(FieldTypes others) {
        return new VerificationPolicy(
                maxAge, clockSkew, algorithms, ofRsa, everySignature, nonceRequired, others, limits);
    }

    /** The same with other limits. */
    public VerificationPolicy withLimits(Limits others) {
        return new VerificationPolicy(
                maxAge, clockSkew, algorithms, ofRsa, everySignature, nonceRequired, fieldTypes, others);
    }

    private static boolean isInSeconds(Duration duration) {
        return duration.equals(duration.truncatedTo(ChronoUnit.SECONDS));
    }
}
