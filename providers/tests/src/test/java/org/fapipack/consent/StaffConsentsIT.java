package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.fapipack.fixture.FapiRealm.USER;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The staff of the operator looks at consents, and acts on them as far as their type and its own permissions go. */
class StaffConsentsIT {

    private static ClubRealm realm;
    private static FapiClient club;

    @BeforeAll
    static void prepareRealm() {
        realm = ClubRealm.prepare();
        realm.admin().updateRealm(realm.name(), Map.of("adminEventsEnabled", true, "adminEventsDetailsEnabled", true));
        club = realm.addClub("club", "The Club");
    }

    @Test
    void aConsentIsShownWithWhatCanBeDone() {
        String id = realm.lodge(club);
        Exchange awaiting = realm.staff("/" + id).expect(200);
        assertIsPrivateJson(awaiting);
        assertThat(awaiting.json())
                .containsEntry("id", id)
                .containsEntry("type", "club-visit")
                .containsEntry("state", "awaiting")
                .containsEntry("updatedBy", "client")
                .containsEntry("clientId", "club")
                .containsEntry("permissions", List.of("POOL", "SAUNA"))
                .containsEntry("actions", List.of("reject"))
                .containsEntry("accounts", List.of())
                .containsKeys("createdAt", "updatedAt")
                .doesNotContainKeys("customerId", "customer", "endsAt", "reason");

        realm.agreed(club, USER, id);

        assertThat(realm.staff("/" + id).expect(200).json())
                .containsEntry("state", "authorised")
                .containsEntry("customer", USER)
                .containsEntry(
                        "customerId", realm.admin().user(realm.name(), USER).get("id"))
                .containsEntry("accounts", List.of(ClubRealm.POOL_ACCOUNT))
                .containsEntry("actions", List.of("revoke", "suspend"));
    }

    @Test
    void aConsentIsSuspendedResumedAndRevokedWithComments() {
        String id = realm.lodge(club);
        realm.agreed(club, USER, id);

        Exchange suspended = realm.act(id, "suspend", "{\"comment\":\"called: card lost \\\"\u00e9\\\"\"}");
        assertThat(suspended.status()).as(suspended.body()).isEqualTo(200);
        assertIsPrivateJson(suspended);
        assertThat(suspended.json())
                .containsEntry("state", "suspended")
                .containsEntry("reason", "TOO_LOUD")
                .containsEntry("actions", List.of("revoke", "resume"));
        assertThat(realm.act(id, "resume", "").expect(200).json()).containsEntry("state", "authorised");
        assertThat(realm.act(id, "revoke", "{}").expect(200).json()).containsEntry("state", "revoked");

        assertThat(realm.history(id))
                .extracting(change -> change.get("to"), change -> change.get("by"), change -> change.get("comment"))
                .containsExactly(
                        tuple("awaiting", "client", null),
                        tuple("authorised", "customer", null),
                        tuple("suspended", "staff", "called: card lost \"\u00e9\""),
                        tuple("authorised", "staff", null),
                        tuple("revoked", "staff", null));
        Map<String, Object> event = Json.objects(realm.admin()
                        .get("/" + realm.name() + "/admin-events?resourcePath=fapi-consents/*&max=1")
                        .expect(200)
                        .body())
                .get(0);
        assertThat(event)
                .containsEntry("operationType", "ACTION")
                .containsEntry("resourcePath", "fapi-consents/" + id + "/revoke");
        assertThat(Json.object((String) event.get("representation")))
                .containsEntry("action", "revoke")
                .containsEntry("from", "authorised")
                .containsEntry("to", "revoked");
    }

    /** What was agreed to for a time is not lengthened by being on hold. */
    @Test
    void theTimeToUseAConsentRunsFromTheCustomersDecision() throws Exception {
        String id = realm.lodgeTicket(club);
        realm.agreed(club, USER, id);
        Instant decided =
                Instant.parse((String) realm.staff("/" + id).expect(200).json().get("updatedAt"));
        realm.act(id, "suspend", "").expect(200);
        Thread.sleep(Math.max(
                0, Duration.between(Instant.now(), decided.plusSeconds(15)).toMillis()));
        assertThat(realm.state(id)).isEqualTo("suspended");

        realm.act(id, "resume", "").expect(200);

        assertThat(realm.state(id)).isEqualTo("expired");
    }

    @Test
    void aConsentForOneActionIsUsedUpOnce() {
        String id = realm.lodgeFee(club);
        assertRefused(realm.act(id, "consume", ""), 409, "invalid_state");
        realm.agreed(club, USER, id);

        assertThat(realm.act(id, "consume", "{\"comment\":\"order 4711\"}")
                        .expect(200)
                        .json())
                .containsEntry("state", "consumed")
                .containsEntry("actions", List.of());

        assertRefused(realm.act(id, "consume", ""), 409, "invalid_state");
        assertThat(Json.object(realm.consents()
                        .call(club, "GET", ClubRealm.FEES + "/" + id, "")
                        .expect(200)
                        .json()
                        .get("fee")))
                .containsEntry("status", "PAID");
    }

    @Test
    void aConsentThatNobodyDecidedOnIsRejected() {
        String id = realm.lodge(club);
        assertThat(realm.act(id, "reject", "").expect(200).json()).containsEntry("state", "rejected");
        assertRefused(realm.act(id, "reject", ""), 409, "invalid_state");
    }

    @Test
    void aCustomerDoesNotReadTheCommentsOfStaff() {
        String id = realm.lodge(club);
        var browser = realm.agreed(club, USER, id);
        realm.act(id, "suspend", "{\"comment\":\"suspected fraud\"}").expect(200);
        assertThat(browser.open(realm.details(id)).html())
                .contains("By your bank", "Paused")
                .doesNotContain("suspected fraud", "TOO_LOUD");
    }

    @ParameterizedTest
    @CsvSource({
        "awaiting, revoke",
        "awaiting, suspend",
        "awaiting, resume",
        "authorised, reject",
        "authorised, resume",
        "authorised, consume",
        "revoked, revoke"
    })
    void whatTheTypeDoesNotLetStaffDoIsRefused(String state, String action) {
        String id = realm.lodge(club);
        if (!state.equals("awaiting")) {
            realm.agreed(club, USER, id);
        }
        if (state.equals("revoked")) {
            realm.act(id, "revoke", "").expect(200);
        }
        int changes = realm.history(id).size();
        assertRefused(realm.act(id, action, ""), 409, "invalid_state");
        assertThat(realm.state(id)).isEqualTo(state);
        assertThat(realm.history(id)).hasSize(changes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "\"x\"",
                "{",
                "{} {}",
                "{\"comment\":1}",
                "{\"comment\":null}",
                "{\"comment\":\"\"}",
                "{\"comment\":\" \"}",
                "{\"comment\":\"a\",\"comment\":\"b\"}",
                "{\"comment\":\"a\",\"more\":1}",
                "{\"more\":1}",
                "{\"comment\":\"\\u0000\"}",
                "{\"comment\":\"\\u001b\"}"
            })
    void aCommentIsAText(String body) {
        String id = realm.lodge(club);
        assertRefused(realm.act(id, "reject", body), 400, "invalid_request");
        assertThat(realm.state(id)).isEqualTo("awaiting");
    }

    @Test
    void theLongestCommentAndOneCharacterMore() {
        String id = realm.lodge(club);
        assertRefused(
                realm.act(id, "reject", "{\"comment\":\"" + "\u00e9".repeat(501) + "\"}"), 400, "invalid_request");
        assertRefused(realm.act(id, "reject", "{\"comment\":\"" + "x".repeat(9000) + "\"}"), 413, "invalid_request");
        realm.act(id, "reject", "{\"comment\":\"" + "\u00e9".repeat(500) + "\"}")
                .expect(200);
    }

    @Test
    void consentsAreListed() {
        FapiClient tennis = realm.addClub("tennis", "Tennis");
        realm.addCustomer("lister");
        String first = realm.lodge(tennis);
        String second = realm.lodge(tennis);
        String third = realm.lodge(tennis);
        realm.agreed(tennis, "lister", first, second);
        realm.act(first, "revoke", "").expect(200);

        Exchange all = realm.staff("?client=tennis").expect(200);
        assertIsPrivateJson(all);
        assertThat(all.json()).containsEntry("total", 3L).containsEntry("totalIsExact", true);
        assertThat(ids(all)).containsExactlyInAnyOrder(first, second, third);
        assertThat(ids(realm.staff("?client=tennis&state=authorised"))).containsExactly(second);
        assertThat(ids(realm.staff("?client=tennis&state=awaiting"))).containsExactly(third);
        String lister = (String) realm.admin().user(realm.name(), "lister").get("id");
        assertThat(ids(realm.staff("?customer=" + lister))).containsExactlyInAnyOrder(first, second);
        assertThat(ids(realm.staff("?customer=" + lister + "&client=tennis&state=revoked")))
                .containsExactly(first);
        assertThat(ids(realm.staff("?state=authorised&max=100")))
                .contains(second)
                .doesNotContain(first, third);
        Exchange one = realm.staff("?client=tennis&first=1&max=1");
        assertThat(one.json()).containsEntry("total", 3L);
        assertThat(ids(one)).containsExactly(ids(all).get(1));
        assertThat(ids(realm.staff("?client=tennis&first=3"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 400",
        "?first=0, 400",
        "?client=club&state=unknown, 400",
        "?client=club&state=AUTHORISED, 400",
        "?client=club&max=0, 400",
        "?client=club&max=100, 200",
        "?client=club&max=101, 400",
        "?client=club&max=x, 400",
        "?client=club&first=-1, 400",
        "?client=club&first=10000, 200",
        "?client=club&first=10001, 400",
        "?client=club&first=, 200",
        "?client=club&first=99999999999, 400",
        "?client=unknown, 404",
        "?customer=unknown, 404",
        "?client=%E2%80%AE, 404",
        "?client=club%0A, 400",
        "?customer=%7F, 400",
        "?customer=%C2%85, 400",
        "?client=%20, 404"
    })
    void aListHasBounds(String query, int status) {
        Exchange answer = realm.staff(query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        if (status != 200) {
            assertRefused(answer, status, status == 404 ? "not_found" : "invalid_request");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"visit:unknown", "%20", "%00", "%E2%80%AE", "x%27%20or%201=1"})
    void whatIsUnknownIsNotFound(String id) {
        assertRefused(realm.staff("/" + id), 404, "not_found");
        assertRefused(realm.staff("/" + id + "/history"), 404, "not_found");
        assertRefused(realm.act(id, "revoke", ""), 404, "not_found");
    }

    @Test
    void anActionThatDoesNotExistIsNotFound() {
        String id = realm.lodge(club);
        assertRefused(realm.act(id, "authorise", ""), 404, "not_found");
        assertRefused(realm.act(id, "history", ""), 404, "not_found");
        assertThat(realm.staff("/" + id + "/revoke").status()).isEqualTo(404);
        assertThat(realm.state(id)).isEqualTo("awaiting");
    }

    @Test
    void theConsentsOfAnotherRealmAreNotFound() {
        ClubRealm other = ClubRealm.prepare();
        String id = other.lodge(other.addClub("club", "Other"));
        assertRefused(realm.staff("/" + id), 404, "not_found");
        assertRefused(realm.act(id, "reject", ""), 404, "not_found");
        assertThat(other.state(id)).isEqualTo("awaiting");
        assertThat(KeycloakUnderTest.running()
                        .admin()
                        .get("/" + KeycloakUnderTest.running().plainRealm() + "/fapi-consents?state=awaiting")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void whoMaySeeDoesNotAct() {
        String id = realm.lodge(club);
        String viewer = realm.addStaff("viewer", "view-clients", "view-users");
        assertThat(realm.as(viewer, "GET", "/" + id).status()).isEqualTo(200);
        assertThat(realm.as(viewer, "GET", "/" + id + "/history").status()).isEqualTo(200);
        assertThat(realm.as(viewer, "GET", "?client=club").status()).isEqualTo(200);
        assertThat(realm.as(viewer, "POST", "/" + id + "/reject").status()).isEqualTo(403);
        assertThat(realm.state(id)).isEqualTo("awaiting");

        String manager = realm.addStaff("manager", "view-clients", "manage-users");
        assertThat(realm.as(manager, "POST", "/" + id + "/reject").status()).isEqualTo(200);
        assertThat(realm.history(id).get(1))
                .containsEntry("by", "staff")
                .containsEntry(
                        "byId", realm.admin().user(realm.name(), "manager").get("id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"view-users", "view-clients", "manage-clients", "view-realm", "manage-users"})
    void whoMayNotSeeBothPartiesCannotTellWhatThereIs(String role) {
        String id = realm.lodge(club);
        String token = realm.addStaff("only-" + role, role);
        for (String path : List.of(
                "/" + id,
                "/" + id + "/history",
                "/visit:unknown",
                "?client=club",
                "?client=unknown",
                "?state=awaiting",
                "")) {
            assertThat(realm.as(token, "GET", path).status()).as(path).isEqualTo(403);
        }
        for (String unknown : List.of(id, "visit:unknown")) {
            assertThat(realm.as(token, "POST", "/" + unknown + "/reject").status())
                    .isEqualTo(403);
        }
        assertThat(realm.as("not-a-token", "GET", "/" + id).status()).isEqualTo(401);
        assertThat(realm.state(id)).isEqualTo("awaiting");
    }

    private static List<String> ids(Exchange list) {
        return Json.objects((List<?>) list.expect(200).json().get("consents")).stream()
                .map(consent -> (String) consent.get("id"))
                .toList();
    }

    private static void assertIsPrivateJson(Exchange answer) {
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.header("cache-control")).contains("no-store");
    }

    private static void assertRefused(Exchange answer, int status, String error) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertIsPrivateJson(answer);
        assertThat(answer.error()).contains(error);
    }
}
