package org.fapipack.messagesignature;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.executor.Rules;
import org.fapipack.httpsignatures.JoseAlgorithm;
import org.fapipack.httpsignatures.VerificationPolicy;

/**
 * The rules for the requests of one client and their responses.
 *
 * @param allowedAlgorithms JOSE names of the algorithms that the client's keys may have, never empty
 * @param responseAlgorithm JOSE name of the realm's algorithm; where two policies differ, the one that is preferred
 * @param maxAge longest time since {@code created}, besides the clock skew
 * @param clockSkew how far the clocks may differ, in both directions
 */
record HttpSignatureRules(
        Use requests,
        Use responses,
        List<String> allowedAlgorithms,
        String responseAlgorithm,
        Duration maxAge,
        Duration clockSkew)
        implements Rules<HttpSignatureRules> {

    /** How signatures are used in one direction, the strictest last. */
    enum Use {
        OFF,
        ACCEPTED,
        REQUIRED;

        static List<String> names() {
            return Arrays.stream(values()).map(Use::key).toList();
        }

        static Use of(String key) {
            return valueOf(key.toUpperCase(Locale.ROOT));
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether something is done about a message, given that its sender signed, or wants it signed. */
        boolean appliesWhere(boolean signed) {
            return this == REQUIRED || (this == ACCEPTED && signed);
        }

        Use and(Use other) {
            return compareTo(other) < 0 ? other : this;
        }
    }

    @Override
    public HttpSignatureRules and(HttpSignatureRules other) {
        List<String> both = allowedAlgorithms.stream()
                .filter(other.allowedAlgorithms::contains)
                .toList();
        if (both.isEmpty()) {
            throw new IllegalStateException("two client policies leave no algorithm for signatures of requests");
        }
        return new HttpSignatureRules(
                requests.and(other.requests),
                responses.and(other.responses),
                both,
                FapiAlgorithms.SIGNATURE.stream()
                        .filter(List.of(responseAlgorithm, other.responseAlgorithm)::contains)
                        .findFirst()
                        .orElseThrow(),
                shorter(maxAge, other.maxAge),
                shorter(clockSkew, other.clockSkew));
    }

    /** The draft's profile with these algorithms and this window. */
    VerificationPolicy policy() {
        return VerificationPolicy.STRICT
                .withAlgorithms(
                        allowedAlgorithms.stream()
                                .map(JoseAlgorithm::ofJoseName)
                                .flatMap(Optional::stream)
                                .collect(Collectors.toSet()),
                        JoseAlgorithm.PS256)
                .withWindow(maxAge, clockSkew);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
