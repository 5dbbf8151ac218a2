package org.fapipack.testkit.consentstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.fapipack.testkit.http.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmountLimitTest {

    private static final AmountLimit LIMIT =
            new AmountLimit("data.payment.amount", new BigDecimal("1000.00"), Optional.of("TOO_MUCH"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'data':{'payment':{'amount':'1000.00'}}}",
                "{'data':{'payment':{'amount':7}}}",
                "{'data':{'permissions':['READ']}}"
            })
    void whatIsNotAboveTheLimitIsAccepted(String consent) {
        assertThat(judge(LIMIT, consent)).isEqualTo(Map.of("verdict", "accepted"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'data':{'payment':{'amount':'1000.01'}}}",
                "{'data':{'payment':{'amount':'all'}}}",
                "{'data':{'payment':{'amount':{}}}}"
            })
    void theRestIsRefused(String consent) {
        assertThat(judge(LIMIT, consent))
                .isEqualTo(Map.of(
                        "verdict",
                        "refused",
                        "code",
                        "TOO_MUCH",
                        "description",
                        "the amount is above the limit of 1000.00"));
    }

    @Test
    void withoutACodeTheTypeHasOne() {
        AmountLimit limit = new AmountLimit("sum", BigDecimal.ONE, Optional.empty());
        assertThat(judge(limit, "{'sum':'2'}")).doesNotContainKey("code").containsEntry("verdict", "refused");
    }

    private static Map<String, Object> judge(AmountLimit limit, String consent) {
        return limit.apply(Map.of("consent", Json.object(consent.replace('\'', '"'))));
    }
}
