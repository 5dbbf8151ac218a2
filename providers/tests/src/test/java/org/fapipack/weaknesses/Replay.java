package org.fapipack.weaknesses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;

/** What the replays of attacks that were published against Keycloak have in common; {@code docs/known-weaknesses.md} lists them. */
final class Replay {

    private Replay() {}

    /** Changes a client as if it had been saved before there was a policy, so that what holds at run time is on its own. */
    static void saveBeforeThePolicy(FapiRealm realm, String clientId, Map<String, ?> changes) {
        List<Map<String, Object>> policies = realm.admin().clientPolicies(realm.name());
        realm.admin().setClientPolicies(realm.name(), List.of());
        realm.admin().updateClient(realm.name(), clientId, changes);
        realm.admin().setClientPolicies(realm.name(), policies);
    }

    /** A code of the person who uses this browser. */
    static String code(FapiClient client, PendingAuthorization pending, Browser browser) {
        return client.verifyJarm(
                        browser.logInAndConsent(
                                client.authorizationUrl(client.push(pending).requestUri()),
                                FapiRealm.USER,
                                FapiRealm.PASSWORD),
                        pending)
                .code();
    }

    static void assertRefused(Exchange answer, int status, String error) {
        assertThat(answer.status()).as(answer + " " + answer.body()).isEqualTo(status);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).as(answer.body()).contains(error);
        assertThat(answer.json()).doesNotContainKeys("access_token", "refresh_token", "request_uri", "client_secret");
    }
}
