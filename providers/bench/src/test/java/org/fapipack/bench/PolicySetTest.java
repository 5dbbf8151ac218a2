package org.fapipack.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicySetTest {

    @TempDir
    private Path folder;

    private PolicySet set;

    @BeforeEach
    void read() throws IOException {
        Files.writeString(folder.resolve("set.profiles.json"), """
                {"profiles": [
                  {"name": "measured", "executors": [
                    {"executor": "pkce-enforcer", "configuration": {"auto-configure": "true"}},
                    {"executor": "fapi-jarm", "configuration": {}},
                    {"executor": "fapi-request-object", "configuration": {}}]},
                  {"name": "another", "executors": [{"executor": "fapi-signed-introspection", "configuration": {}}]}]}
                """);
        Files.writeString(folder.resolve("set.policies.json"), """
                {"policies": [
                  {"name": "dpop", "enabled": true, "profiles": ["measured"], "conditions": [{"condition": "any-client"}]},
                  {"name": "mtls", "enabled": true, "profiles": ["another"], "conditions": [{"condition": "any-client"}]}]}
                """);
        set = PolicySet.in(folder, "set");
    }

    @Test
    void namesThePacksExecutorsOfTheMeasuredClients() {
        assertThat(set.packExecutors()).containsExactly("fapi-jarm", "fapi-request-object");
    }

    @Test
    void leavesOutOneExecutorAndNothingElse() {
        PolicySet without = set.without("fapi-jarm");

        assertThat(without.packExecutors()).containsExactly("fapi-request-object");
        assertThat(without.policies()).isEqualTo(set.policies());
        assertThat(without.profiles()).hasSize(2);
    }

    @Test
    void isFilledUpWithEnabledPoliciesForNobody() {
        PolicySet filled = set.filledUpTo(4);

        assertThat(filled.profiles()).isEqualTo(set.profiles());
        assertThat(filled.policies()).hasSize(4);
        assertThat(filled.policies().subList(0, 2)).isEqualTo(set.policies());
        Map<String, Object> added = filled.policies().get(3);
        assertThat(added)
                .containsEntry("name", "bench.absent.3")
                .containsEntry("enabled", true)
                .containsEntry("profiles", List.of("measured"))
                .containsEntry(
                        "conditions",
                        List.of(Map.of(
                                "condition",
                                "client-attributes",
                                "configuration",
                                Map.of("attributes", "[{\"key\":\"bench.absent.3\",\"value\":\"true\"}]"))));
        assertThat(set.filledUpTo(1)).isEqualTo(set);
    }
}
