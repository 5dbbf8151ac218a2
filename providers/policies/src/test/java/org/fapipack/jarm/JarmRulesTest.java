package org.fapipack.jarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class JarmRulesTest {

    private final JarmRules rules = new JarmRules(List.of("PS256", "ES256"), "PS256");

    @Test
    void anAllowedChoiceStaysAndAnyOtherBecomesTheDefault() {
        assertThat(rules.algorithm("ES256")).isEqualTo("ES256");
        assertThat(rules.algorithm("RS256")).isEqualTo("PS256");
    }

    @Test
    void ofTwoPoliciesTheStricterWins() {
        JarmRules strict = new JarmRules(List.of("ES256"), "ES256");
        assertThat(rules.and(strict)).isEqualTo(strict);
    }

    @Test
    void policiesThatContradictEachOtherAreNotGuessedAt() {
        assertThatIllegalStateException().isThrownBy(() -> rules.and(new JarmRules(List.of("EdDSA"), "EdDSA")));
    }
}
