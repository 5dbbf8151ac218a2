package org.fapipack.introspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SignedIntrospectionRulesTest {

    @Test
    void ofTwoPoliciesTheStricterWins() {
        SignedIntrospectionRules lax =
                new SignedIntrospectionRules(List.of("PS256", "ES256", "EdDSA"), "PS256", false, false);
        SignedIntrospectionRules strict = new SignedIntrospectionRules(List.of("ES256"), "ES256", true, true);
        assertThat(lax.and(strict)).isEqualTo(strict);
        assertThat(strict.and(lax)).isEqualTo(strict);
    }

    @Test
    void policiesThatContradictEachOtherAreNotGuessedAt() {
        SignedIntrospectionRules one = new SignedIntrospectionRules(List.of("PS256"), "PS256", false, false);
        SignedIntrospectionRules other = new SignedIntrospectionRules(List.of("ES256"), "ES256", false, false);
        assertThatIllegalStateException().isThrownBy(() -> one.and(other));
    }
}
