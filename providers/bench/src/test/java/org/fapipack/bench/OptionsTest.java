package org.fapipack.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void areTheDocumentedDefaultsWithoutArguments() {
        assertThat(Options.parse())
                .isEqualTo(new Options(
                        Workload.INTROSPECTION,
                        List.of(),
                        List.of("none", "set", "10", "100"),
                        4,
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(60),
                        4,
                        0,
                        false,
                        false,
                        false,
                        false,
                        false));
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
                        Workload.INTROSPECTION,
                        List.of(),
                        List.of("none", "set", "10", "100"),
                        3,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        8,
                        25_000,
                        true,
                        false,
                        true,
                        false,
                        false));
    }

    @Test
    void chooseTheWorkloadAndWhatIsLeftOut() {
        Options options = Options.parse("--workload=flow", "--without", "fapi-jarm", "--without=fapi-request-object");

        assertThat(options.workload()).isEqualTo(Workload.FLOW);
        assertThat(options.without()).containsExactly("fapi-jarm", "fapi-request-object");
        assertThat(Options.parse("--workload", "client-credentials").workload()).isEqualTo(Workload.CLIENT_CREDENTIALS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--workload", "--workload=", "--workload=tokens"})
    void refuseAWorkloadThatIsNone(String argument) {
        assertThatThrownBy(() -> Options.parse(argument))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageStartingWith("--workload needs introspection, flow, client-credentials or consents, not ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--workload=introspection", "--workload=consents", "--plain-only", "--control"})
    void refuseToLeaveOutWhatIsNotThere(String argument) {
        assertThatThrownBy(() -> Options.parse("--workload=flow", "--without=fapi-jarm", argument))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageStartingWith("--without goes with ");
    }

    @Test
    void chooseHowManyPoliciesThereAre() {
        Options options = Options.parse("--workload=flow", "--policies", "set", "--policies=4", "--policies", "1000");

        assertThat(options.policies()).containsExactly("set", "4", "1000");
        assertThat(Options.parse("--workload=flow", "--plain-only").policies()).containsExactly("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "1001", "many", ""})
    void refuseNumbersOfPoliciesOutOfBounds(String count) {
        assertThatThrownBy(() -> Options.parse("--workload=flow", "--policies=" + count))
                .isInstanceOf(Options.UsageException.class)
                .hasMessage("--policies needs a number from 4 to 1000, not " + count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--workload=introspection", "--plain-only", "--without=fapi-jarm"})
    void refuseToChoosePoliciesWhereThereIsNoChoice(String argument) {
        assertThatThrownBy(() -> Options.parse("--workload=flow", "--policies=set", argument))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageStartingWith("--policies goes with ");
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
