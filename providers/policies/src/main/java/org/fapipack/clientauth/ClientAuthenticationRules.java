package org.fapipack.clientauth;

import java.time.Duration;
import java.util.List;
import org.fapipack.core.clientassertion.ClientAssertionRules;
import org.fapipack.executor.Rules;

/**
 * How a client may authenticate.
 *
 * @param methods registered names of the methods; may be empty where two policies contradict each other: then nothing is accepted
 * @param assertions what a client assertion must say
 */
record ClientAuthenticationRules(List<String> methods, ClientAssertionRules assertions)
        implements Rules<ClientAuthenticationRules> {

    boolean allow(ClientAuthenticationMethod method) {
        return methods.contains(method.registeredName());
    }

    @Override
    public ClientAuthenticationRules and(ClientAuthenticationRules other) {
        return new ClientAuthenticationRules(
                both(methods, other.methods),
                new ClientAssertionRules(
                        both(assertions.algorithms(), other.assertions.algorithms()),
                        shorter(assertions.maxLifetime(), other.assertions.maxLifetime()),
                        shorter(assertions.clockSkew(), other.assertions.clockSkew()),
                        assertions.audienceArrays() && other.assertions.audienceArrays(),
                        assertions.keyHeaders() && other.assertions.keyHeaders()));
    }

    private static List<String> both(List<String> one, List<String> other) {
        return one.stream().filter(other::contains).toList();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
