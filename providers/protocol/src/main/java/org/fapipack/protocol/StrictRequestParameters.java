package org.fapipack.protocol;

import org.fapipack.par.PushedAuthorization;
import org.keycloak.Config;

/**
 * The server's limits for request parameters, for clients under {@link PushedAuthorization}: everything that was pushed arrives, and what does
 * not fit is refused. Stock drops it without a word, and its five places for parameters it does not know are taken by JWT claims already.
 */
final class StrictRequestParameters extends ServerRequestParameters {

    StrictRequestParameters(Config.Scope config) {
        super(config);
    }

    @Override
    public int getAdditionalReqParamsMaxNumber() {
        return Math.max(super.getAdditionalReqParamsMaxNumber(), PushedAuthorization.MAX_PARAMETERS);
    }

    @Override
    public int getAdditionalReqParamsMaxSize() {
        return Math.max(super.getAdditionalReqParamsMaxSize(), PushedAuthorization.MAX_ADDITIONAL_LENGTH);
    }

    @Override
    public boolean isAdditionalReqParamsFailFast(boolean isTokenParam) {
        return true;
    }
}
