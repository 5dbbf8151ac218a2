package org.fapipack.jarm;

import java.util.List;
import java.util.Optional;
import org.fapipack.executor.Rules;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * How authorization responses of a client are signed.
 *
 * @param allowedAlgorithms JWS algorithms a response may be signed with, never empty
 * @param defaultAlgorithm the one used where the client registered none
 */
record JarmRules(List<String> allowedAlgorithms, String defaultAlgorithm) implements Rules<JarmRules> {

    private static final String NOTE = "fapi.jarm";

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

    /**
     * Keeps the rules with the authentication session: the answer is made later, where conditions that look at the requested scope or
     * the grant type can no longer be asked. A client note, because those survive "restart login".
     */
    void keepWith(AuthenticationSessionModel authSession) {
        authSession.setClientNote(NOTE, defaultAlgorithm + ' ' + String.join(" ", allowedAlgorithms));
    }

    /** The rules kept with an authentication session. */
    static Optional<JarmRules> keptWith(AuthenticationSessionModel authSession) {
        return Optional.ofNullable(authSession.getClientNote(NOTE)).map(note -> {
            List<String> words = List.of(note.split(" ", -1));
            return new JarmRules(words.subList(1, words.size()), words.get(0));
        });
    }

    /** The algorithm to sign with, given the one Keycloak would use. */
    String algorithm(String stockChoice) {
        return allowedAlgorithms.contains(stockChoice) ? stockChoice : defaultAlgorithm;
    }
}
