package org.fapipack.testkit.server;

import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Chooses the server by the system property {@code keycloak.server}: {@code distribution} when unset, else what it names. */
public final class KeycloakServers {

    public static final String PROPERTY = "keycloak.server";
    public static final String DISTRIBUTION = "distribution";
    public static final String EXTERNAL = "external";

    private KeycloakServers() {}

    /**
     * Starts the chosen kind of server.
     *
     * @param kinds how to start each kind by name, for example {@code distribution} and {@code container}; {@code external}
     *     is always there
     */
    public static KeycloakServer start(Map<String, Supplier<? extends KeycloakServer>> kinds) {
        String kind = System.getProperty(PROPERTY, DISTRIBUTION);
        if (kinds.containsKey(kind)) {
            return kinds.get(kind).get();
        }
        if (kind.equals(EXTERNAL)) {
            return ExternalKeycloak.fromSystemProperties();
        }
        TreeSet<String> known = new TreeSet<>(kinds.keySet());
        known.add(EXTERNAL);
        throw new KeycloakStartException("-D" + PROPERTY + "=" + kind + ": unknown, there are " + known);
    }
}
