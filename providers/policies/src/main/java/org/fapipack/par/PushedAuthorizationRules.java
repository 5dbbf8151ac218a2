package org.fapipack.par;

import org.fapipack.executor.Rules;

/**
 * How strictly a client's authorization requests are taken.
 *
 * @param maxLifetimeSeconds longest life of a {@code request_uri}; the realm's own lifespan holds where it is shorter
 * @param maxCharacters largest form that may be pushed
 * @param pushingRequired whether a request that was not pushed is refused
 */
record PushedAuthorizationRules(int maxLifetimeSeconds, int maxCharacters, boolean pushingRequired)
        implements Rules<PushedAuthorizationRules> {

    @Override
    public PushedAuthorizationRules and(PushedAuthorizationRules other) {
        return new PushedAuthorizationRules(
                Math.min(maxLifetimeSeconds, other.maxLifetimeSeconds),
                Math.min(maxCharacters, other.maxCharacters),
                pushingRequired || other.pushingRequired);
    }
}
