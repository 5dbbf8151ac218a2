package org.fapipack.clientauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.fapipack.core.clientassertion.ClientAssertionRules;
import org.junit.jupiter.api.Test;

class ClientAuthenticationRulesTest {

    private static final List<String> METHODS = List.of("private_key_jwt", "tls_client_auth");
    private static final List<String> ALGORITHMS = List.of("PS256", "ES256");

    private final ClientAuthenticationRules rules = rules(METHODS, ALGORITHMS, 300, 10, true);

    @Test
    void anAllowedMethodIsAllowed() {
        assertThat(rules.allow(ClientAuthenticationMethod.PRIVATE_KEY_JWT)).isTrue();
        assertThat(rules.allow(ClientAuthenticationMethod.CLIENT_SECRET_JWT)).isFalse();
    }

    @Test
    void ofTwoPoliciesTheStricterWinsSettingBySetting() {
        ClientAuthenticationRules other =
                rules(List.of("tls_client_auth", "client_secret_jwt"), List.of("EdDSA", "ES256"), 60, 30, false);
        ClientAuthenticationRules both = rules(List.of("tls_client_auth"), List.of("ES256"), 60, 10, false);
        assertThat(rules.and(other)).isEqualTo(both);
        assertThat(other.and(rules)).isEqualTo(both);
    }

    @Test
    void twoPoliciesThatSayTheSameStayAsTheyAre() {
        assertThat(rules.and(rules(METHODS, ALGORITHMS, 300, 10, true))).isEqualTo(rules);
    }

    @Test
    void policiesThatContradictEachOtherLetNobodyIn() {
        ClientAuthenticationRules none =
                rules.and(rules(List.of("client_secret_jwt"), List.of("EdDSA"), 300, 10, true));
        assertThat(ClientAuthenticationMethod.values()).noneMatch(none::allow);
        assertThat(none.assertions().algorithms()).isEmpty();
    }

    private static ClientAuthenticationRules rules(
            List<String> methods, List<String> algorithms, long lifetimeSeconds, long skewSeconds, boolean arrays) {
        return new ClientAuthenticationRules(
                methods,
                new ClientAssertionRules(
                        algorithms,
                        Duration.ofSeconds(lifetimeSeconds),
                        Duration.ofSeconds(skewSeconds),
                        arrays,
                        arrays));
    }
}
