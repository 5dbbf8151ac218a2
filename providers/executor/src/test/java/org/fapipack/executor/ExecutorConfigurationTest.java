package org.fapipack.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorConfigurationTest {

    private static final Setting<Integer> MAX_SECONDS = Setting.seconds("max-seconds", "Max", "Longest.", 1, 60, 30);
    private static final Setting<Boolean> STRICT = Setting.flag("strict", "Strict", "Be strict.", true);
    private static final Setting<String> MODE = Setting.choice("mode", "Mode", "How.", List.of("a", "b"), "b");
    private static final Setting<List<String>> KINDS = Setting.choices("kinds", "Kinds", "Which.", List.of("x", "y"));

    private final ExecutorConfiguration configuration =
            new ExecutorConfiguration("fapi-test", List.of(MAX_SECONDS, STRICT, MODE, KINDS)) {};

    @Test
    void withoutValuesTheDefaultsHold() {
        assertThat(configuration.validateConfig()).isTrue();
        assertThat(configuration.get(MAX_SECONDS)).isEqualTo(30);
        assertThat(configuration.get(STRICT)).isTrue();
        assertThat(configuration.get(MODE)).isEqualTo("b");
        assertThat(configuration.get(KINDS)).containsExactly("x", "y");
    }

    @Test
    void theAdminConsolesTextsAreRead() {
        configuration.setConfigAsMap("max-seconds", "60");
        configuration.setConfigAsMap("strict", "false");
        assertThat(configuration.validateConfig()).isTrue();
        assertThat(configuration.get(MAX_SECONDS)).isEqualTo(60);
        assertThat(configuration.get(STRICT)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "61", "-1", "abc", "", "1.5", "99999999999"})
    void aNumberOutsideItsRangeIsRefused(String value) {
        configuration.setConfigAsMap("max-seconds", value);
        assertThat(configuration.validateConfig()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> configuration.get(MAX_SECONDS));
    }

    @Test
    void aMisspeltKeyIsRefused() {
        configuration.setConfigAsMap("max-second", 5);
        assertThat(configuration.validateConfig()).isFalse();
    }

    @Test
    void aValueOfTheWrongKindIsRefused() {
        configuration.setConfigAsMap("strict", "yes");
        assertThat(configuration.validateConfig()).isFalse();
    }

    @Test
    void aChoiceThatDoesNotExistIsRefused() {
        configuration.setConfigAsMap("mode", "c");
        assertThat(configuration.validateConfig()).isFalse();
    }

    @Test
    void anEmptyListAndAnUnknownMemberAreRefused() {
        configuration.setConfigAsMap("kinds", List.of());
        assertThat(configuration.validateConfig()).isFalse();
        configuration.setConfigAsMap("kinds", List.of("x", "z"));
        assertThat(configuration.validateConfig()).isFalse();
        configuration.setConfigAsMap("kinds", List.of("x", 1));
        assertThat(configuration.validateConfig()).isFalse();
        configuration.setConfigAsMap("kinds", "x");
        assertThat(configuration.validateConfig()).isFalse();
    }
}
