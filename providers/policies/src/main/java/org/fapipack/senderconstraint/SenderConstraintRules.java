package org.fapipack.senderconstraint;

import java.time.Duration;
import java.util.List;
import org.fapipack.core.dpop.DpopProofRules;
import org.fapipack.executor.Rules;

/**
 * How a client's tokens are bound.
 *
 * @param methods {@link SenderConstraintExecutorFactory#DPOP}, {@link SenderConstraintExecutorFactory#MUTUAL_TLS} or both; may be empty where two policies contradict each other: then nothing is issued
 * @param proofs what a DPoP proof must say
 * @param nonces what part the server's nonces play
 */
record SenderConstraintRules(List<String> methods, DpopProofRules proofs, NonceRules nonces)
        implements Rules<SenderConstraintRules> {

    @Override
    public SenderConstraintRules and(SenderConstraintRules other) {
        return new SenderConstraintRules(
                both(methods, other.methods),
                new DpopProofRules(
                        both(proofs.algorithms(), other.proofs.algorithms()),
                        shorter(proofs.maxAge(), other.proofs.maxAge()),
                        shorter(proofs.clockSkew(), other.proofs.clockSkew())),
                nonces.and(other.nonces));
    }

    static List<String> both(List<String> one, List<String> other) {
        return one.stream().filter(other::contains).toList();
    }

    static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
