package org.fapipack.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeycloakServersTest {

    private static final Administrator ADMIN = new Administrator("admin", "admin");

    @AfterEach
    void forgetProperties() {
        System.clearProperty("keycloak.server");
        System.clearProperty("keycloak.url");
    }

    @Test
    void startsTheDistributionUnlessToldOtherwise() {
        KeycloakServer expected = new ExternalKeycloak(URI.create("https://localhost:1"), ADMIN);

        assertThat(KeycloakServers.start(Map.of("distribution", () -> expected)))
                .isSameAs(expected);
    }

    @Test
    void takesAServerThatRunsAlready() {
        System.setProperty("keycloak.server", "external");
        System.setProperty("keycloak.url", "https://kc.example.test:8443/");

        KeycloakServer server = KeycloakServers.start(Map.of());

        assertThat(server.baseUri()).isEqualTo(URI.create("https://kc.example.test:8443"));
        assertThat(server.issuer("fapi")).isEqualTo(URI.create("https://kc.example.test:8443/realms/fapi"));
    }

    @Test
    void namesTheKindsItKnows() {
        System.setProperty("keycloak.server", "cloud");

        assertThatThrownBy(() -> KeycloakServers.start(Map.of()))
                .isInstanceOf(KeycloakStartException.class)
                .hasMessageContaining("[external]");
    }

    @Test
    void wantsAnAddressAndHttps() {
        System.setProperty("keycloak.server", "external");

        assertThatThrownBy(() -> KeycloakServers.start(Map.of())).hasMessageContaining("-Dkeycloak.url");
        assertThatThrownBy(() -> new ExternalKeycloak(URI.create("http://localhost"), ADMIN))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
