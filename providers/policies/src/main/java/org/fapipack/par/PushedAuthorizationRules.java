package org.fapipack.par;

import org.fapipack.executor.Rules;

/**
 * That a client's authorization requests are pushed, strictly.
 *
 * @param maxLifetimeSeconds longest life of a {@code request_uri}; the realm's own lifespan holds where it is shorter
 * @param maxCharacters largest form that may be pushed
 */
record PushedAuthorizationRules(int maxLifetimeSeconds, int maxCharacters) implements Rules<PushedAuthorizationRules> {

    @Override
    public PushedAuthorizationRules and(PushedAuthorizationRules other) {
        return new PushedAuthorizationRules(
                Math.min(maxLifetimeSeconds, other.maxLifetimeSeconds), Math.min(maxCharacters, other.maxCharacters));
    }
}
