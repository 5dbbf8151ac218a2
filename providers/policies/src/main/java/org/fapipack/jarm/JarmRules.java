package org.fapipack.jarm;

import java.util.List;
import org.fapipack.executor.Rules;

/**
 * How authorization responses of a client are signed.
 *
 * @param allowedAlgorithms JWS algorithms a response may be signed with, never empty
 * @param defaultAlgorithm the one used where the client registered none
 */
record JarmRules(List<String> allowedAlgorithms, String defaultAlgorithm) implements Rules<JarmRules> {

    @Override
    public JarmRules and(JarmRules other) {
        List<String> both = allowedAlgorithms.stream()
                .filter(other.allowedAlgorithms::contains)
                .toList();
        if (both.isEmpty()) {
            // Two policies that contradict each other: an operator has to solve that, guessing would weaken one of
            // them.
            throw new IllegalStateException("two client policies leave no algorithm for JARM responses");
        }
        return new JarmRules(both, both.contains(defaultAlgorithm) ? defaultAlgorithm : both.get(0));
    }

    /** The algorithm to sign with, given the one Keycloak would use. */
    String algorithm(String stockChoice) {
        return allowedAlgorithms.contains(stockChoice) ? stockChoice : defaultAlgorithm;
    }
}
