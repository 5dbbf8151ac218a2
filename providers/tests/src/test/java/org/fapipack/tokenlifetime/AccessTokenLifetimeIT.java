package org.fapipack.tokenlifetime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Access tokens live as long as an ecosystem allows. */
class AccessTokenLifetimeIT {

    private static final String LIFESPAN = "access.token.lifespan";
    private static final String EXECUTOR = "fapi-access-token-lifetime";

    private static FapiRealm realm;
    private static FapiClient client;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("app");
        realm.admin().updateClient(realm.name(), client.clientId(), Map.of("serviceAccountsEnabled", true));
        realm.admin().setClientProfiles(realm.name(), withWindow(Map.of("min-seconds", 300, "max-seconds", 900)));
    }

    private static List<Map<String, Object>> withWindow(Map<String, Object> settings) {
        List<Map<String, Object>> profiles = new ArrayList<>();
        for (Map<String, Object> profile : realm.admin().clientProfiles(realm.name())) {
            List<Object> executors = new ArrayList<>((List<?>) profile.get("executors"));
            executors.add(Map.of("executor", EXECUTOR, "configuration", settings));
            Map<String, Object> changed = new LinkedHashMap<>(profile);
            changed.put("executors", executors);
            profiles.add(changed);
        }
        return profiles;
    }

    @ParameterizedTest
    @CsvSource({"60, 300", "299, 300", "300, 300", "600, 600", "900, 900", "901, 900", "86400, 900"})
    void aTokenIsInsideOfTheWindowWhateverTheClientWasSavedWith(String registered, long given) {
        realm.setAttributeBehindThePolicysBack(client.clientId(), LIFESPAN, registered);

        Tokens tokens = realm.tokensFor(client);
        Tokens refreshed = client.refresh(tokens.refreshToken().orElseThrow());
        Tokens own = client.clientCredentials("accounts");

        for (Tokens issued : List.of(tokens, refreshed, own)) {
            assertThat(issued.exchange().json().get("expires_in")).isIn(given, given - 1);
            Map<String, Object> claims = issued.accessTokenClaims();
            assertThat((Long) claims.get("exp") - (Long) claims.get("iat")).isEqualTo(given);
        }
    }

    @Test
    void aTokenThatWouldLiveAsLongAsItsSessionIsCut() {
        realm.setAttributeBehindThePolicysBack(client.clientId(), LIFESPAN, "-1");

        Map<String, Object> claims = realm.tokensFor(client).accessTokenClaims();

        assertThat((Long) claims.get("exp") - (Long) claims.get("iat")).isEqualTo(900);
    }

    @ParameterizedTest
    @CsvSource({"299, 400", "300, 204", "900, 204", "901, 400", "-1, 400", "soon, 400", "'', 204"})
    void aClientCannotRegisterAnotherLife(String wanted, int status) {
        Exchange answer = realm.admin()
                .tryUpdateClient(realm.name(), client.clientId(), Map.of("attributes", Map.of(LIFESPAN, wanted)));

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"901, 900", "0, 900", "300, 86401", "x, 900"})
    void aWindowThatIsNoneIsNotSaved(String min, String max) {
        realm.remove(EXECUTOR);
        try {
            Exchange answer = realm.admin()
                    .trySetClientProfiles(realm.name(), withWindow(Map.of("min-seconds", min, "max-seconds", max)));
            assertThat(answer.status()).isEqualTo(400);
        } finally {
            realm.admin().setClientProfiles(realm.name(), withWindow(Map.of("min-seconds", 300, "max-seconds", 900)));
        }
    }
}
