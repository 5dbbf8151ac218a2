package org.fapipack.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.fapipack.testkit.tls.TestPki;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong before a real server is there; a shell script plays the server. */
class DistributionKeycloakTest {

    @TempDir
    Path folder;

    private DistributionKeycloak.Builder keycloak(String script) throws IOException {
        Path home = folder.resolve("keycloak");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("providers"));
        Files.createDirectories(home.resolve("lib/quarkus"));
        Files.writeString(home.resolve("lib/quarkus/generated-bytecode.jar"), "as delivered");
        Path kc = Files.writeString(home.resolve("bin/kc.sh"), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(kc, PosixFilePermissions.fromString("rwx------"));
        return DistributionKeycloak.in(home).tls(TestPki.in(folder.resolve("tls")));
    }

    @Test
    void saysThatThePortIsTaken() throws IOException {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            DistributionKeycloak.Builder builder = keycloak("exit 0").httpsPort(other.getLocalPort());

            assertThatThrownBy(builder::start)
                    .isInstanceOf(KeycloakStartException.class)
                    .hasMessage(
                            "port " + other.getLocalPort() + " (https) is taken by another program on this machine");
        }
    }

    @Test
    void saysThatThereIsNoDistribution() {
        DistributionKeycloak.Builder builder =
                DistributionKeycloak.in(folder.resolve("nothing")).tls(TestPki.in(folder.resolve("tls")));

        assertThatThrownBy(builder::build)
                .isInstanceOf(KeycloakStartException.class)
                .hasMessageContaining("bin/kc.sh is missing");
    }

    @Test
    void quotesTheErrorOfAFailedBuild() throws IOException {
        DistributionKeycloak.Builder builder =
                keycloak("echo '2026-01-01 00:00:00,000 ERROR [x] (main) ERROR: bad option'; exit 2");

        assertThatThrownBy(builder::build)
                .isInstanceOf(KeycloakStartException.class)
                .hasMessageStartingWith("kc.sh build failed: bad option (log: ")
                .hasMessageContaining("keycloak-build.log");
    }

    @Test
    void quotesTheErrorOfAFailedStart() throws IOException {
        DistributionKeycloak.Builder builder =
                keycloak("[ \"$1\" = build ] && exit 0; echo 'x ERROR: no database'; exit 1");

        assertThatThrownBy(builder::start)
                .isInstanceOf(KeycloakStartException.class)
                .hasMessageStartingWith("Keycloak ended while it started: no database (log: ");
    }

    @Test
    void givesUpOnAServerThatNeverGetsReady() throws IOException {
        DistributionKeycloak.Builder builder = keycloak("[ \"$1\" = build ] && exit 0; echo starting; exec sleep 60")
                .startTimeout(Duration.ofSeconds(1));

        assertThatThrownBy(builder::start)
                .isInstanceOf(KeycloakStartException.class)
                .hasMessageStartingWith("Keycloak was not ready after 1 s: starting");
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }
}
