package org.fapipack.consent;

/** Finds out which client calls. */
@FunctionalInterface
public interface ConsentAccess {

    /**
     * Checks the access token of the current request: of this realm, active, bound to its sender, issued to the client itself.
     *
     * @throws RefusedAccess if it is missing or one of that is not so
     */
    ConsentCaller caller() throws RefusedAccess;
}
