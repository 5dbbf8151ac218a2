package org.fapipack.testkit.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where Keycloak keeps its data.
 *
 * @param kind value of the build option {@code db}
 * @param startOptions run-time options
 * @param environment secrets, which do not belong on a command line
 */
public record Database(String kind, List<String> startOptions, Map<String, String> environment) {

    public Database {
        startOptions = List.copyOf(startOptions);
        environment = Map.copyOf(environment);
    }

    /** H2 in memory: gone when the server stops. */
    public static Database inMemory() {
        return new Database("dev-mem", List.of(), Map.of());
    }

    /** H2 in a folder of its own, on the build of {@link #inMemory}: a server that keeps its data, beside others of one home. */
    public static Database inFileOf(Path folder) {
        return new Database(
                "dev-mem",
                List.of("--db-url=jdbc:h2:file:" + folder.toAbsolutePath().resolve("keycloak") + ";NON_KEYWORDS=VALUE"),
                Map.of());
    }

    /** A PostgreSQL, for example {@code jdbc:postgresql://127.0.0.1:5432/keycloak}. */
    public static Database postgres(String jdbcUrl, String username, String password) {
        return new Database(
                "postgres",
                List.of("--db-url=" + jdbcUrl, "--db-username=" + username),
                Map.of("KC_DB_PASSWORD", password));
    }

    @Override
    public String toString() {
        return "Database[" + kind + "]";
    }
}
