package org.fapipack.tokenlifetime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTokenLifetimeRulesTest {

    private final AccessTokenLifetimeRules rules = new AccessTokenLifetimeRules(300, 900);

    @ParameterizedTest
    @CsvSource({"299,300", "300,300", "900,900", "901,900", "0,300", "-5,300", "9223372036854775807,900"})
    void aLifeOutsideOfTheWindowIsMovedToItsNearestEnd(long wanted, long given) {
        assertThat(rules.nearest(wanted)).isEqualTo(given);
    }

    @ParameterizedTest
    @CsvSource({"299,false", "300,true", "900,true", "901,false", "-1,false", "ten,false", "9223372036854775808,false"})
    void aClientMayRegisterWhatIsInside(String wanted, boolean allowed) {
        assertThat(rules.allow(wanted)).isEqualTo(allowed);
    }

    @Test
    void ofTwoWindowsWhatIsInBoth() {
        assertThat(rules.and(new AccessTokenLifetimeRules(60, 600))).isEqualTo(new AccessTokenLifetimeRules(300, 600));
        assertThat(rules.and(new AccessTokenLifetimeRules(10, 60)).nearest(400))
                .as("windows that do not meet")
                .isEqualTo(60);
    }
}
