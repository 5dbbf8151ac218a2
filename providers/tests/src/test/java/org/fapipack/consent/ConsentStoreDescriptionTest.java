package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentReport;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.core.consent.ConsentVerdict;
import org.fapipack.testkit.http.Json;
import org.junit.jupiter.api.Test;

/** The description that banks read says what the server takes: no more and no less. What the server sends is checked where it sends it. */
class ConsentStoreDescriptionTest {

    private final StoreDescription description = StoreDescription.read();

    /** One value for each member that is described. */
    private static final Map<String, Object> SAMPLE = Map.ofEntries(
            Map.entry("id", "c1"),
            Map.entry("client_id", "app"),
            Map.entry("type", "library-card"),
            Map.entry("status", "authorised"),
            Map.entry("version", "7"),
            Map.entry("created", "2026-01-01T00:00:00Z"),
            Map.entry("end", "2026-01-01T06:00:00Z"),
            Map.entry("updated_by", "customer"),
            Map.entry("reason", "OK"),
            Map.entry("customer", "4711"),
            Map.entry("accounts", List.of("1", "2")),
            Map.entry("consent", Json.object("{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]}}}")));

    @Test
    void everyMemberThatIsDescribedIsTakenAndNoOther() throws Exception {
        assertThat(SAMPLE.keySet()).containsExactlyInAnyOrderElementsOf(description.members("Consent"));
        assertThat(description.schema("Consent")).containsEntry("additionalProperties", false);
        assertThat(read(SAMPLE)).isPresent();
        Map<String, Object> more = new LinkedHashMap<>(SAMPLE);
        more.put("more", "x");
        assertThat(read(more)).isEmpty();
    }

    @Test
    void theMembersThatAreNeededAreThoseThatTheDescriptionRequires() throws Exception {
        Set<String> needed = new TreeSet<>();
        for (String member : SAMPLE.keySet()) {
            Map<String, Object> less = new LinkedHashMap<>(SAMPLE);
            less.remove(member);
            if (read(less).isEmpty()) {
                needed.add(member);
            }
        }
        assertThat(needed).isEqualTo(description.required("Consent"));
    }

    @Test
    void statesAndActorsAreOurs() {
        assertThat(description.values("State"))
                .containsExactlyElementsOf(
                        Stream.of(ConsentState.values()).map(ConsentState::key).toList());
        assertThat(description.values("Actor"))
                .containsExactlyElementsOf(
                        Stream.of(ConsentActor.values()).map(ConsentActor::key).toList());
    }

    @Test
    void everyOperationSaysWhatANoIs() {
        assertThat(description.operations())
                .containsOnlyKeys(
                        "GET /consents/{id}",
                        "POST /consents/{id}/authorise",
                        "POST /consents/{id}/reject",
                        "POST /consents/{id}/revoke",
                        "POST /validate");
        description.operations().forEach((name, operation) -> {
            Set<String> statuses = StoreDescription.object(
                            StoreDescription.object(operation).get("responses"))
                    .keySet();
            assertThat(statuses).contains("200", "401", "503");
            if (name.contains("{id}")) {
                assertThat(statuses).contains("404");
            }
            if (name.contains("{id}/")) {
                assertThat(statuses).contains("409", "422");
            }
        });
    }

    @Test
    void everyMemberOfAVerdictThatIsDescribedIsTakenAndNoOther() throws Exception {
        Map<String, Object> refusal = new LinkedHashMap<>(
                Map.of("verdict", "refused", "code", "SHELF_EMPTY", "description", "no more novels"));
        assertThat(refusal.keySet()).containsExactlyInAnyOrderElementsOf(description.members("Verdict"));
        assertThat(description.schema("Verdict")).containsEntry("additionalProperties", false);
        assertThat(judge(refusal))
                .hasValueSatisfying(verdict -> assertThat(verdict.refusal()).isPresent());
        for (String member : refusal.keySet()) {
            Map<String, Object> less = new LinkedHashMap<>(refusal);
            less.remove(member);
            assertThat(judge(less).isEmpty())
                    .as(member)
                    .isEqualTo(description.required("Verdict").contains(member));
        }
        refusal.put("more", "x");
        assertThat(judge(refusal)).isEmpty();
        assertThat(judge(Map.of("verdict", "accepted"))).contains(new ConsentVerdict(Optional.empty()));
    }

    private static Optional<ConsentVerdict> judge(Map<String, Object> answer) throws Exception {
        return ConsentVerdict.read(
                Json.write(answer).getBytes(StandardCharsets.UTF_8),
                ConsentType.readAll(ConsentRealm.types()).get(0));
    }

    private static Optional<ConsentReport> read(Map<String, Object> answer) throws Exception {
        return ConsentReport.read(
                Json.write(answer).getBytes(StandardCharsets.UTF_8),
                ConsentType.readAll(ConsentRealm.types()),
                "c1",
                "app");
    }
}
