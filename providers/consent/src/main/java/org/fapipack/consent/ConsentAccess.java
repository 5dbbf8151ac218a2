package org.fapipack.consent;

/** Finds out which client calls. */
public interface ConsentAccess {

    /**
     * Checks the access token of the current request: of this realm, active, bound to its sender, issued to the client itself or to it for a customer.
     *
     * @throws RefusedAccess if it is missing or one of that is not so
     */
    ConsentCaller caller() throws RefusedAccess;

    /** How a caller is refused whose access token was found good, and comes from another grant than this one. */
    RefusedAccess wrongGrant(String wanted);

    /** How a caller is refused whose access token was found good, and is worth nothing here any more. */
    RefusedAccess stale(String reason);
}
