package org.fapipack.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void areTheDocumentedDefaultsWithoutArguments() {
        assertThat(Options.parse())
                .isEqualTo(new Options(
                        4, Duration.ofSeconds(8), Duration.ofSeconds(60), 4, 0, false, false, false, false, false));
    }

    @Test
    void takeValuesWithAndWithoutEqualsSign() {
        Options options = Options.parse(
                "--rounds=3",
                "--seconds",
                "10",
                "--warm-up=5",
                "--threads",
                "8",
                "--port=25000",
                "--control",
                "--private-key-jwt");

        assertThat(options)
                .isEqualTo(new Options(
                        3, Duration.ofSeconds(10), Duration.ofSeconds(5), 8, 25_000, true, false, true, false, false));
    }

    @ParameterizedTest
    @CsvSource({
        "--rounds, 2, 40",
        "--seconds, 1, 30",
        "--warm-up, 1, 120",
        "--threads, 1, 64",
        "--port, 1, 65532",
    })
    void haveBounds(String option, int least, int most) {
        assertThat(Options.parse(option, Integer.toString(least))).isNotNull();
        assertThat(Options.parse(option, Integer.toString(most))).isNotNull();
        for (int outside : new int[] {least - 1, most + 1}) {
            assertThatThrownBy(() -> Options.parse(option, Integer.toString(outside)))
                    .isInstanceOf(Options.UsageException.class)
                    .hasMessage(option + " needs a number from " + least + " to " + most + ", not " + outside);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rounds", "--rounds=", "--rounds=many"})
    void refuseWhatIsNoNumber(String argument) {
        assertThatThrownBy(() -> Options.parse(argument))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageStartingWith("--rounds needs a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--fast", "--fast=1", "--control=1", "rounds"})
    void refuseWhatTheyDoNotKnow(String argument) {
        assertThatThrownBy(() -> Options.parse(argument))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageStartingWith("unknown option ");
    }
}
