package org.fapipack.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void hasDefaults() {
        assertThat(Options.parse()).isEqualTo(new Options(Optional.empty(), Optional.empty(), 8443, false, false));
    }

    @Test
    void takesEveryOption() {
        assertThat(Options.parse("--once", "--port", "1", "--help"))
                .isEqualTo(new Options(Optional.empty(), Optional.empty(), 1, true, true));
        assertThat(Options.parse("--port=65535", "-h"))
                .isEqualTo(new Options(Optional.empty(), Optional.empty(), 65535, false, true));
    }

    @Test
    void takesAnEcosystem() {
        assertThat(Options.parse("--ecosystem", "a").ecosystem()).contains("a");
        assertThat(Options.parse("--ecosystem=b", "--once"))
                .isEqualTo(new Options(Optional.empty(), Optional.of("b"), 8443, true, false));
    }

    @Test
    void takesAFolderOfEvidence(@TempDir Path folder) {
        assertThat(Options.parse("--verify-evidence", folder.toString()).evidence())
                .contains(folder);
        assertThat(Options.parse("--verify-evidence=" + folder).evidence()).contains(folder);
        assertThatThrownBy(() -> Options.parse(
                        "--verify-evidence", folder.resolve("none").toString()))
                .isInstanceOf(Options.UsageException.class)
                .hasMessage("there is no folder " + folder.resolve("none"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port=0",
                "--port=65536",
                "--port=",
                "--port=x",
                "--port",
                "--Once",
                "once",
                "",
                "--ecosystem",
                "--verify-evidence",
                "--verify-evidence="
            })
    void refusesAnythingElse(String argument) {
        assertThatThrownBy(() -> Options.parse(argument)).isInstanceOf(Options.UsageException.class);
    }
}
