package org.fapipack.par;

import java.util.List;
import org.fapipack.executor.PackExecutorFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link RequestUriOneTimeExecutor}. */
public final class RequestUriOneTimeExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-request-uri-one-time";

    public RequestUriOneTimeExecutorFactory() {
        super(ID, RequestUriOneTimeExecutor.EVENTS, """
                A pushed request_uri is good for one authorization, whichever way it ends: login, single sign-on, consent, \
                required action or prompt=none. Reloading the page before the end stays possible.""", List.of());
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new RequestUriOneTimeExecutor(session);
    }
}
