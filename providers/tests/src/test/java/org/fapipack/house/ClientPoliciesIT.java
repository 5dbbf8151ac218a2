package org.fapipack.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped profiles and policies on a running server, and what the server refuses to save. */
class ClientPoliciesIT {

    private static final String FOLDER = "client-policies/";

    private static FapiRealm realm;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fapi2-message-signing",
                "fapi2-security-profile",
                "fapi1-advanced",
                "fapi1-baseline",
                "brazil-open-finance",
                "uk-open-banking"
            })
    void theFilesAreTheBodiesTheAdminApiTakes(String set) throws IOException {
        String plain = KeycloakUnderTest.running().plainRealm();
        var admin = realm.admin();
        assertThat(admin.put("/" + plain + "/client-policies/profiles", file(set, "profiles"))
                        .status())
                .isEqualTo(204);
        assertThat(admin.put("/" + plain + "/client-policies/policies", file(set, "policies"))
                        .status())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fapi2-message-signing",
                "fapi2-security-profile",
                "fapi1-advanced",
                "fapi1-baseline",
                "brazil-open-finance",
                "uk-open-banking"
            })
    void theRealmTemplateCarriesTheSameProfilesAndPolicies(String set) throws IOException {
        FapiRealm untouched = KeycloakUnderTest.running().realmFrom(set);
        assertThat(untouched.admin().clientProfiles(untouched.name()))
                .usingRecursiveComparison()
                .isEqualTo(Json.object(file(set, "profiles")).get("profiles"));
        assertThat(untouched.admin().clientPolicies(untouched.name()))
                .usingRecursiveComparison()
                .isEqualTo(Json.object(file(set, "policies")).get("policies"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fapi-client-authentication",
                "fapi-pushed-authorization",
                "fapi-request-uri-one-time",
                "fapi-authorization-code",
                "fapi-interaction-id",
                "fapi-http-signatures",
                "fapi-consent",
                "fapi-access-token-lifetime",
                "fapi-request-object",
                "fapi-jarm",
                "fapi-sender-constrained-tokens",
                "fapi-client-metadata",
                "fapi-signed-introspection"
            })
    void anUnknownSettingIsRefusedWhenTheProfileIsSaved(String executor) {
        assertThat(save(executor, Map.of()).status()).as("without settings").isEqualTo(204);
        assertRefused(save(executor, Map.of("misspelt", "true")));
    }

    @ParameterizedTest
    @CsvSource({
        "fapi-request-object, max-lifetime-seconds, 1, 0",
        "fapi-request-object, max-lifetime-seconds, 3600, 3601",
        "fapi-request-object, max-age-seconds, 1, -1",
        "fapi-request-object, max-age-seconds, 3600, 3601",
        "fapi-request-object, clock-skew-seconds, 10, 9",
        "fapi-request-object, clock-skew-seconds, 60, 61",
        "fapi-request-object, clock-skew-seconds, 10, ten",
        "fapi-request-object, encryption-required, true, yes",
        "fapi-jarm, default-algorithm, ES256, RS256",
        "fapi-signed-introspection, default-algorithm, EdDSA, none",
        "fapi-signed-introspection, signed-response-required, false, 0",
        "fapi-signed-introspection, other-clients, refuse, ignore",
        "fapi-client-authentication, assertion-audience, issuer-or-endpoint, anybody",
        "fapi-client-authentication, max-lifetime-seconds, 10, 9",
        "fapi-client-authentication, max-lifetime-seconds, 3600, 3601",
        "fapi-client-authentication, clock-skew-seconds, 60, 61",
        "fapi-pushed-authorization, max-lifetime-seconds, 5, 4",
        "fapi-pushed-authorization, max-lifetime-seconds, 599, 600",
        "fapi-pushed-authorization, max-characters, 4096, 4095",
        "fapi-pushed-authorization, max-characters, 262144, 262145",
        "fapi-pushed-authorization, pushing-required, false, sometimes",
        "fapi-request-object, by-value-allowed, true, 1",
        "fapi-jarm, detached-signature-allowed, true, no",
        "fapi-authorization-code, max-lifetime-seconds, 5, 4",
        "fapi-authorization-code, max-lifetime-seconds, 60, 61",
        "fapi-sender-constrained-tokens, max-age-seconds, 5, 4",
        "fapi-sender-constrained-tokens, max-age-seconds, 24, 25",
        "fapi-sender-constrained-tokens, clock-skew-seconds, 15, 16",
        "fapi-sender-constrained-tokens, nonce, required, maybe",
        "fapi-sender-constrained-tokens, nonce-lifetime-seconds, 30, 29",
        "fapi-sender-constrained-tokens, nonce-lifetime-seconds, 600, 601",
        "fapi-client-metadata, default-algorithm, ES256, RS256",
        "fapi-http-signatures, requests, required, on",
        "fapi-http-signatures, responses, off, no",
        "fapi-http-signatures, response-algorithm, EdDSA, RS256",
        "fapi-http-signatures, max-age-seconds, 5, 4",
        "fapi-http-signatures, max-age-seconds, 300, 301",
        "fapi-http-signatures, clock-skew-seconds, 10, 9",
        "fapi-http-signatures, clock-skew-seconds, 60, 61",
        "fapi-client-metadata, unrequested-claims-allowed, true, some",
        "fapi-client-authentication, key-in-header-allowed, true, jwk",
        "fapi-request-object, key-in-header-allowed, true, jwk",
        "fapi-pushed-authorization, id-token-hint-allowed, false, no",
    })
    void theLastValidValueIsSavedAndTheFirstInvalidOneIsNot(
            String executor, String setting, String valid, String invalid) {
        assertThat(save(executor, Map.of(setting, valid)).status()).isEqualTo(204);
        assertRefused(save(executor, Map.of(setting, invalid)));
    }

    @ParameterizedTest
    @CsvSource({
        "fapi-request-object, allowed-algorithms",
        "fapi-jarm, allowed-algorithms",
        "fapi-jarm, allowed-response-modes",
        "fapi-signed-introspection, allowed-algorithms",
        "fapi-client-authentication, allowed-methods",
        "fapi-client-authentication, allowed-algorithms",
        "fapi-sender-constrained-tokens, allowed-methods",
        "fapi-sender-constrained-tokens, allowed-algorithms",
        "fapi-client-metadata, allowed-algorithms"
    })
    void aListMustNameKnownValuesOnly(String executor, String setting) {
        assertRefused(save(executor, Map.of(setting, List.of())));
        assertRefused(save(executor, Map.of(setting, List.of("RS256"))));
        assertRefused(save(executor, Map.of(setting, "PS256")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fapi-jarm", "fapi-signed-introspection", "fapi-client-metadata"})
    void aDefaultThatIsNotAllowedIsRefused(String executor) {
        assertRefused(save(executor, Map.of("allowed-algorithms", List.of("ES256"), "default-algorithm", "PS256")));
        assertThat(save(executor, Map.of("allowed-algorithms", List.of("ES256"), "default-algorithm", "ES256"))
                        .status())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://mtls.example", "mtls.example/x", "mtls example", "mtls.example:0", "-mtls", ":443"})
    void aHostThatIsNoneIsRefused(String host) {
        assertRefused(save("fapi-sender-constrained-tokens", Map.of("mtls-host", host)));
        assertThat(save("fapi-sender-constrained-tokens", Map.of("mtls-host", "mtls.example:8444"))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void theAdminConsoleIsToldAboutEveryExecutorAndSetting() {
        Map<String, Object> info = KeycloakUnderTest.running().admin().serverInfo();
        Map<String, Object> types = Json.object(info.get("componentTypes"));
        List<Map<String, Object>> executors = Json.objects(
                (List<?>) types.get("org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider"));
        assertThat(executors)
                .filteredOn(type -> ((String) type.get("id")).startsWith("fapi-"))
                .hasSameSizeAs(ShippedJar.registeredFactories().stream()
                        .filter(factory -> factory.endsWith("ExecutorFactory"))
                        .toList())
                .allSatisfy(type -> assertThat((String) type.get("helpText")).isNotBlank());
    }

    private static Exchange save(String executor, Map<String, Object> configuration) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("executor", executor);
        entry.put("configuration", configuration);
        List<Map<String, Object>> profiles = new ArrayList<>(realm.admin().clientProfiles(realm.name()));
        profiles.removeIf(profile -> "trial".equals(profile.get("name")));
        profiles.add(Map.of("name", "trial", "executors", List.of(entry)));
        return realm.admin().trySetClientProfiles(realm.name(), profiles);
    }

    private static void assertRefused(Exchange answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("invalid configuration");
    }

    private static String file(String set, String kind) throws IOException {
        return Files.readString(Path.of(System.getProperty("project.root"), FOLDER + set + '.' + kind + ".json"));
    }
}
