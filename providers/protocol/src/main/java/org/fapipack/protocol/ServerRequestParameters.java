package org.fapipack.protocol;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.keycloak.Config;
import org.keycloak.protocol.oidc.OIDCProviderConfig;

/**
 * The server's limits for request parameters, as they were when it started: stock looks through all sources of the server's configuration
 * for each parameter of each request, and the answer never changes.
 */
class ServerRequestParameters extends OIDCProviderConfig {

    /** Keycloak asks for names of its own, and for whatever clients send. */
    private static final int MAX_REMEMBERED = 200;

    private final Map<Parameter, Integer> maxLengths = new ConcurrentHashMap<>();

    private record Parameter(String name, boolean atTokenEndpoint) {}

    ServerRequestParameters(Config.Scope config) {
        super(config);
    }

    @Override
    public int getMaxLengthForTheParameter(String parameter, boolean isTokenParam) {
        Parameter asked = new Parameter(parameter, isTokenParam);
        Integer known = maxLengths.get(asked);
        if (known != null) {
            return known;
        }
        int maxLength = super.getMaxLengthForTheParameter(parameter, isTokenParam);
        if (maxLengths.size() < MAX_REMEMBERED) {
            maxLengths.put(asked, maxLength);
        }
        return maxLength;
    }
}
