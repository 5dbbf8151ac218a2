package org.fapipack.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerLogTest {

    @Test
    void quotesTheLastErrorWithoutItsPrefix() {
        List<String> lines = List.of(
                "2026-01-01 10:00:00,000 ERROR [org.keycloak.x] (main) ERROR: Failed to start server",
                "2026-01-01 10:00:00,001 ERROR [org.keycloak.x] (main) ERROR: Unable to start: port 8443 in use",
                "2026-01-01 10:00:00,002 ERROR [org.keycloak.x] (main) For more details run the same command passing the '--verbose' option.",
                "2026-01-01 10:00:00,003 INFO  [org.keycloak.x] (main) bye");

        assertThat(ServerLog.lastError(lines)).hasValue("Unable to start: port 8443 in use");
    }

    @Test
    void quotesTheLastLineWhenThereIsNoError() {
        assertThat(ServerLog.lastError(List.of("Unknown option: '--x'", "", " Try 'kc.sh --help' ")))
                .hasValue("Try 'kc.sh --help'");
        assertThat(ServerLog.lastError(List.of())).isEmpty();
        assertThat(ServerLog.lastError(Path.of("no-such-file"))).isEmpty();
    }

    @Test
    void countsTheNodesOfTheLastClusterView() {
        String alone = "INFO [org.infinispan.CLUSTER] (main) ISPN000094: Received new cluster view for channel ISPN:"
                + " [vm-1(v=16.0.14)|0] (1) [vm-1(v=16.0.14)]\n";
        String together =
                "INFO [org.infinispan.CLUSTER] (jgroups-5) ISPN000094: Received new cluster view for channel ISPN:"
                        + " [vm-1(v=16.0.14)|12] (2) [vm-1(v=16.0.14), vm-2(v=16.0.14)]\n";

        assertThat(ServerLog.clusterSize(alone)).isEqualTo(1);
        assertThat(ServerLog.clusterSize(alone + together)).isEqualTo(2);
        assertThat(ServerLog.clusterSize(alone + together + alone)).isEqualTo(1);
        assertThat(ServerLog.clusterSize("Keycloak 26 started")).isZero();
        assertThat(ServerLog.clusterSize(Path.of("no-such-file"))).isZero();
    }
}
