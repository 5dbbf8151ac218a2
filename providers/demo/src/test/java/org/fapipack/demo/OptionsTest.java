package org.fapipack.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void hasDefaults() {
        assertThat(Options.parse()).isEqualTo(new Options(Optional.empty(), 8443, false, false));
    }

    @Test
    void takesEveryOption() {
        assertThat(Options.parse("--once", "--port", "1", "--help"))
                .isEqualTo(new Options(Optional.empty(), 1, true, true));
        assertThat(Options.parse("--port=65535", "-h")).isEqualTo(new Options(Optional.empty(), 65535, false, true));
    }

    @Test
    void takesAnEcosystem() {
        assertThat(Options.parse("--ecosystem", "a").ecosystem()).contains("a");
        assertThat(Options.parse("--ecosystem=b", "--once"))
                .isEqualTo(new Options(Optional.of("b"), 8443, true, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--port=0", "--port=65536", "--port=", "--port=x", "--port", "--Once", "once", "", "--ecosystem"
            })
    void refusesAnythingElse(String argument) {
        assertThatThrownBy(() -> Options.parse(argument)).isInstanceOf(Options.UsageException.class);
    }
}
