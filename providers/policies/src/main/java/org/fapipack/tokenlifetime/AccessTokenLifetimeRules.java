package org.fapipack.tokenlifetime;

import org.fapipack.executor.Rules;

/**
 * The window, in seconds, both ends inclusive. Where several policies hold, both windows; should they not meet, the shorter life.
 */
record AccessTokenLifetimeRules(int minSeconds, int maxSeconds) implements Rules<AccessTokenLifetimeRules> {

    @Override
    public AccessTokenLifetimeRules and(AccessTokenLifetimeRules other) {
        return new AccessTokenLifetimeRules(
                Math.max(minSeconds, other.minSeconds), Math.min(maxSeconds, other.maxSeconds));
    }

    /** The life that comes nearest to the wanted one. */
    long nearest(long wantedSeconds) {
        return Math.min(Math.max(wantedSeconds, minSeconds), maxSeconds);
    }

    /** Whether a client may register this life; a text that is no number is none. */
    boolean allow(String seconds) {
        try {
            long life = Long.parseLong(seconds.strip());
            return nearest(life) == life;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }
}
