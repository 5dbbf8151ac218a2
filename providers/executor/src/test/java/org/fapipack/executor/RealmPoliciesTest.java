package org.fapipack.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.common.Profile;
import org.keycloak.component.ComponentModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.cache.CachedRealmModel;
import org.keycloak.representations.idm.ClientPoliciesRepresentation;
import org.keycloak.representations.idm.ClientPolicyConditionConfigurationRepresentation;
import org.keycloak.representations.idm.ClientPolicyExecutorConfigurationRepresentation;
import org.keycloak.representations.idm.ClientPolicyExecutorRepresentation;
import org.keycloak.representations.idm.ClientProfilesRepresentation;
import org.keycloak.securityprofile.SecurityProfileProvider;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.ClientPolicyManager;
import org.keycloak.services.clientpolicy.ClientPolicyVote;
import org.keycloak.services.clientpolicy.DefaultClientPolicyManager;
import org.keycloak.services.clientpolicy.condition.ClientPolicyConditionProvider;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;
import org.keycloak.util.JsonSerialization;

/** How often the texts of a realm are read, that a change of them is never missed, and that policies are applied as by Keycloak's own manager. */
class RealmPoliciesTest {

    private static final String EXECUTOR = "fapi-jarm";
    private static final String PROFILES = """
            {"profiles": [
              {"name": "ours", "executors": [
                {"executor": "pkce-enforcer", "configuration": {"auto-configure": true}},
                {"executor": "fapi-jarm", "configuration": {"default-algorithm": "ES256"}}]},
              {"name": "stock", "executors": [{"executor": "pkce-enforcer", "configuration": {}}]}]}
            """;
    private static final String SEVERAL_POLICIES = """
            {"policies": [
              {"name": "theirs", "enabled": true, "profiles": ["stock", "global"],
               "conditions": [{"condition": "client-scopes", "configuration": {}}]},
              {"name": "both", "enabled": true, "profiles": ["stock", "ours"],
               "conditions": [{"condition": "any-client", "configuration": {"is-negative-logic": false}}]},
              {"name": "asleep", "enabled": false, "profiles": ["ours"],
               "conditions": [{"condition": "client-type", "configuration": {}}]},
              {"name": "elsewhere", "enabled": true, "profiles": ["ours"],
               "conditions": [{"condition": "no-client", "configuration": {}}]}]}
            """;
    private static final String GLOBAL_PROFILES = """
            {"profiles": [{"name": "global", "executors": [{"executor": "consent-required", "configuration": {}}]}]}
            """;
    private static final String GLOBAL_POLICIES = """
            {"policies": [
              {"name": "g", "enabled": true, "profiles": ["global"], "conditions": [{"condition": "client-roles", "configuration": {}}]}]}
            """;

    private static final Map<String, ClientPolicyVote> VOTES =
            Map.of("no-client", ClientPolicyVote.NO, "abstaining-client", ClientPolicyVote.ABSTAIN);

    private final Map<String, String> realmAttributes = new HashMap<>();
    private final Map<String, Object> sessionAttributes = new HashMap<>();
    private final ConcurrentHashMap<String, Object> keptWithTheRealm = new ConcurrentHashMap<>();
    private final RealmModel realm = realm(CachedRealmModel.class);
    private int reads;
    private final List<String> made = new ArrayList<>();
    private final List<String> applied = new ArrayList<>();
    private boolean global = true;
    private String refusing = "";
    private Set<ClientPolicyEvent> events = Set.of(ClientPolicyEvent.TOKEN_REQUEST);
    private Consumer<RulesInForce> executor = question -> {};

    @BeforeAll
    static void enableFeatures() {
        Profile.defaults();
    }

    @AfterAll
    static void forgetFeatures() {
        Profile.reset();
    }

    @BeforeEach
    void savePolicy() {
        realmAttributes.put(Constants.CLIENT_PROFILES, PROFILES);
        realmAttributes.put(Constants.CLIENT_POLICIES, policy("ours", true));
    }

    private static String policy(String profile, boolean enabled) {
        return """
                {"policies": [
                  {"name": "p", "enabled": %s, "profiles": ["%s"], "conditions": [{"condition": "any-client", "configuration": {}}]}]}
                """.formatted(enabled, profile);
    }

    @Test
    void areReadOnceAsLongAsTheTextsOfTheRealmStayTheSame() {
        assertThat(RealmPolicies.mention(session(realm), realm, EXECUTOR)).isTrue();
        assertThat(RealmPolicies.mention(session(realm), realm, EXECUTOR)).isTrue();
        assertThat(RealmPolicies.mention(session(realm), realm, "fapi-request-object"))
                .isFalse();
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void areReadAnewAtOnceWhenThePoliciesChange() {
        assertThat(RealmPolicies.mention(session(realm), realm, EXECUTOR)).isTrue();

        realmAttributes.put(Constants.CLIENT_POLICIES, policy("ours", false));
        assertThat(RealmPolicies.mention(session(realm), realm, EXECUTOR)).isFalse();

        realmAttributes.put(Constants.CLIENT_POLICIES, policy("ours", true));
        assertThat(RealmPolicies.mention(session(realm), realm, EXECUTOR)).isTrue();
    }

    @Test
    void areReadAnewAtOnceWhenTheProfilesChange() {
        assertThat(RealmPolicies.mention(session(realm), realm, EXECUTOR)).isTrue();

        realmAttributes.put(Constants.CLIENT_PROFILES, PROFILES.replace(EXECUTOR, "fapi-request-object"));
        assertThat(RealmPolicies.mention(session(realm), realm, EXECUTOR)).isFalse();
    }

    @Test
    void areReadAnewWhenTheyAreTakenAway() {
        assertThat(RealmPolicies.mention(session(realm), realm, EXECUTOR)).isTrue();

        realmAttributes.clear();
        assertThat(RealmPolicies.mention(session(realm), realm, EXECUTOR)).isFalse();
    }

    @Test
    void areReadEachTimeWhereKeycloakKeepsNoCopyOfTheRealm() {
        RealmModel uncached = realm(RealmModel.class);
        assertThat(RealmPolicies.mention(session(uncached), uncached, EXECUTOR)).isTrue();
        assertThat(RealmPolicies.mention(session(uncached), uncached, EXECUTOR)).isTrue();
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void spareTheQuestionWhichRulesAreInForceWhereNobodyCouldAnswer() {
        for (String nobody : List.of(policy("stock", true), policy("ours", false))) {
            realmAttributes.put(Constants.CLIENT_POLICIES, nobody);
            assertThat(RulesInForce.find(session(realm), client(), AnyRules.class))
                    .isEmpty();
            sessionAttributes.clear();
        }
        assertThat(made).isEmpty();
    }

    @Test
    void letTheQuestionSeeNothingButWhatCanAnswerIt() {
        realmAttributes.put(Constants.CLIENT_POLICIES, SEVERAL_POLICIES);

        assertThat(RulesInForce.find(session(realm), client(), AnyRules.class)).isEmpty();

        assertThat(made)
                .containsExactly(
                        "any-client {\"is-negative-logic\":false}",
                        "fapi-jarm {\"default-algorithm\":\"ES256\"}",
                        "no-client {}");
    }

    @Test
    void areAppliedAsByKeycloaksOwnManager() throws ClientPolicyException {
        realmAttributes.put(Constants.CLIENT_POLICIES, SEVERAL_POLICIES);

        assertThat(applied(session(realm).clientPolicy()))
                .isEqualTo(applied(new DefaultClientPolicyManager(session(realm))))
                .containsExactly(
                        "client-roles {}: YES",
                        "consent-required {}",
                        "client-scopes {}: YES",
                        "pkce-enforcer {}",
                        "consent-required {}",
                        "any-client {\"is-negative-logic\":false}: YES",
                        "pkce-enforcer {}",
                        "pkce-enforcer {\"auto-configure\":true}",
                        "fapi-jarm {\"default-algorithm\":\"ES256\"}",
                        "no-client {}: NO");
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void holdWhereKeycloaksOwnManagerSaysSo(String mode, List<String> conditions) throws ClientPolicyException {
        realmAttributes.put(Constants.CLIENT_POLICIES, """
                {"policies": [{"name": "p", "enabled": true, %s "profiles": ["unknown", "ours"], "conditions": [%s]}]}
                """.formatted(mode, String.join(",", conditions)));
        global = false;

        assertThat(applied(session(realm).clientPolicy()))
                .isEqualTo(applied(new DefaultClientPolicyManager(session(realm))));
    }

    /** No condition, each alone, and all pairs, in each mode. */
    static Stream<Arguments> conditions() {
        List<String> each = Stream.of("any-client", "no-client", "abstaining-client")
                .flatMap(id -> Stream.of(
                        "{\"condition\": \"%s\", \"configuration\": {}}".formatted(id),
                        "{\"condition\": \"%s\", \"configuration\": {\"is-negative-logic\": true}}".formatted(id)))
                .toList();
        List<List<String>> all = new ArrayList<>(List.of(List.of()));
        each.forEach(one -> all.add(List.of(one)));
        each.forEach(one -> each.forEach(two -> all.add(List.of(one, two))));
        return Stream.of("", "\"mode\": \"DEFAULT\",", "\"mode\": \"strict\",")
                .flatMap(mode -> all.stream().map(conditions -> Arguments.of(mode, conditions)));
    }

    @Test
    void passOnWhatAnExecutorOrAConditionRefuses() {
        realmAttributes.put(Constants.CLIENT_POLICIES, SEVERAL_POLICIES);
        for (String refusing : List.of("any-client", "pkce-enforcer")) {
            this.refusing = refusing;
            assertThatThrownBy(() -> applied(session(realm).clientPolicy()))
                    .isInstanceOf(ClientPolicyException.class)
                    .hasMessage(refusing);
            assertThat(applied).isNotEmpty().last().asString().startsWith(refusing);
        }
    }

    @Test
    void areNotAppliedWithoutAProviderThatTheyList() {
        realmAttributes.put(Constants.CLIENT_POLICIES, SEVERAL_POLICIES.replace("client-scopes", "missing"));
        assertThatThrownBy(() -> applied(session(realm).clientPolicy()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void giveAProviderItsSettingsOnceInASession() throws ClientPolicyException {
        realmAttributes.put(Constants.CLIENT_POLICIES, SEVERAL_POLICIES);
        ClientPolicyManager manager = session(realm).clientPolicy();
        applied(manager);
        assertThat(made).doesNotHaveDuplicates().hasSize(8);

        applied(manager);
        assertThat(made).hasSize(8);
    }

    @Test
    void areNotDisturbedByAProfileThatCannotBeUsedUntilAPolicyLinksIt() throws ClientPolicyException {
        realmAttributes.put(Constants.CLIENT_PROFILES, PROFILES.replace("{\"profiles\": [", """
                        {"profiles": [
                          {"name": "unusable", "executors": [{"configuration": {}}, {"executor": "pkce-enforcer"}]},
                        """));
        assertThat(applied(session(realm).clientPolicy())).contains("fapi-jarm {\"default-algorithm\":\"ES256\"}");

        realmAttributes.put(Constants.CLIENT_POLICIES, SEVERAL_POLICIES.replace("\"ours\"", "\"ours\", \"unusable\""));
        assertThatThrownBy(() -> applied(session(realm).clientPolicy())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", \"configuration\": null", ", \"configuration\": {}"})
    void anExecutorOfThePackWithoutSettingsHasTheDefaults(String configuration) {
        ClientPolicyExecutorRepresentation listed = parse(
                "{\"executor\": \"fapi-jarm\"%s}".formatted(configuration), ClientPolicyExecutorRepresentation.class);

        assertThat(KnownProvider.executor("realm", listed)
                        .settings(NoSettings.class)
                        .getConfigAsMap())
                .isEmpty();
    }

    /** Of an executor of the pack. */
    static final class NoSettings extends ExecutorConfiguration {
        NoSettings() {
            super(EXECUTOR, List.of());
        }
    }

    /** "Aa" and "BB" have one hash code in Java, and so have the components with these settings. */
    @Test
    void keepApartSettingsOfOneHash() throws ClientPolicyException {
        realmAttributes.put(Constants.CLIENT_PROFILES, """
                {"profiles": [{"name": "ours", "executors": [
                  {"executor": "fapi-jarm", "configuration": {"k": "Aa"}},
                  {"executor": "fapi-jarm", "configuration": {"k": "BB"}}]}]}
                """);
        global = false;
        ClientPolicyManager manager = session(realm).clientPolicy();
        for (int events = 0; events < 2; events++) {
            assertThat(applied(manager))
                    .containsExactly("any-client {}: YES", "fapi-jarm {\"k\":\"Aa\"}", "fapi-jarm {\"k\":\"BB\"}");
        }
    }

    private List<String> applied(ClientPolicyManager manager) throws ClientPolicyException {
        applied.clear();
        manager.triggerOnEvent(anEvent());
        return List.copyOf(applied);
    }

    @Test
    void leaveOutExecutorsOfThePackThatDoNothingAtTheEvent() throws ClientPolicyException {
        realmAttributes.put(Constants.CLIENT_POLICIES, SEVERAL_POLICIES);
        events = Set.of(ClientPolicyEvent.REGISTER, ClientPolicyEvent.UPDATE);

        session(realm).clientPolicy().triggerOnEvent(anEvent());
        assertThat(made).contains("pkce-enforcer {\"auto-configure\":true}").noneMatch(id -> id.startsWith(EXECUTOR));

        made.clear();
        session(realm).clientPolicy().triggerOnEvent(() -> ClientPolicyEvent.UPDATE);
        assertThat(made)
                .contains("pkce-enforcer {\"auto-configure\":true}", "fapi-jarm {\"default-algorithm\":\"ES256\"}");
    }

    @Test
    void leaveOutAProfileOfTheRealmAndNotTakeTheGlobalOneOfItsName() throws ClientPolicyException {
        realmAttributes.put(
                Constants.CLIENT_PROFILES,
                PROFILES.replace(
                        "\"stock\", \"executors\": [{\"executor\": \"pkce-enforcer\"",
                        "\"global\", \"executors\": [{\"executor\": \"fapi-jarm\""));
        realmAttributes.put(Constants.CLIENT_POLICIES, policy("global", true));
        events = Set.of();

        session(realm).clientPolicy().triggerOnEvent(anEvent());
        assertThat(made).noneMatch(id -> id.startsWith("consent-required"));
    }

    @Test
    void areReadOnceForAllEventsOfARealmThatOptedIn() throws ClientPolicyException {
        session(realm).clientPolicy().triggerOnEvent(anEvent());
        session(realm).clientPolicy().triggerOnEvent(anEvent());
        assertThat(reads).isEqualTo(1);

        realmAttributes.put(Constants.CLIENT_POLICIES, SEVERAL_POLICIES);
        session(realm).clientPolicy().triggerOnEvent(anEvent());
        assertThat(made).contains("fapi-jarm {\"default-algorithm\":\"ES256\"}");
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void areLeftToTheStockManagerInARealmThatOptedIntoNothing() throws ClientPolicyException {
        realmAttributes.put(Constants.CLIENT_POLICIES, policy("stock", true));
        assertThat(RealmPolicies.mention(session(realm), realm, EXECUTOR)).isFalse();
        int before = reads;

        session(realm).clientPolicy().triggerOnEvent(anEvent());
        session(realm).clientPolicy().triggerOnEvent(anEvent());
        assertThat(reads).isEqualTo(before + 2);
    }

    @Test
    void askOnceForEachClientAndRequest() {
        realmAttributes.put(Constants.CLIENT_POLICIES, SEVERAL_POLICIES);
        KeycloakSession session = session(realm);
        RulesInForce.find(session, client(), AnyRules.class);
        RulesInForce.find(session, client(), AnyRules.class);
        assertThat(made).filteredOn(name -> name.startsWith(EXECUTOR)).hasSize(1);

        sessionAttributes.clear();
        RulesInForce.find(session(realm), client(), AnyRules.class);
        assertThat(made).filteredOn(name -> name.startsWith(EXECUTOR)).hasSize(2);
    }

    @Test
    void keepWhatExecutorsMakeOfTheirSettingsForAllRequests() {
        AtomicInteger times = new AtomicInteger();
        executor = question -> question.made(AnyRules.class, settings("a"), settings -> made(times));

        ask();
        ask();
        assertThat(times).hasValue(1);
    }

    @Test
    void keepApartWhatIsMadeOfOtherSettings() {
        AtomicInteger times = new AtomicInteger();
        executor = question -> {
            question.made(AnyRules.class, settings("a"), settings -> made(times));
            question.made(AnyRules.class, settings("b"), settings -> made(times));
            question.made(String.class, settings("a"), settings -> "of another kind");
        };

        ask();
        assertThat(times).hasValue(2);
    }

    @Test
    void letItBeMadeAnewWhenTheProfilesChange() {
        AtomicInteger times = new AtomicInteger();
        executor = question -> question.made(AnyRules.class, settings("a"), settings -> made(times));

        ask();
        realmAttributes.put(Constants.CLIENT_PROFILES, PROFILES + " ");
        ask();
        assertThat(times).hasValue(2);
    }

    private void ask() {
        sessionAttributes.clear();
        assertThat(RulesInForce.find(session(realm), client(), AnyRules.class)).isEmpty();
    }

    private static AnyRules made(AtomicInteger counter) {
        counter.incrementAndGet();
        return new AnyRules();
    }

    private static ExecutorConfiguration settings(String value) {
        ExecutorConfiguration settings = new ExecutorConfiguration(EXECUTOR, List.of()) {};
        settings.setConfigAsMap("key", value);
        return settings;
    }

    private record AnyRules() implements Rules<AnyRules> {
        @Override
        public AnyRules and(AnyRules other) {
            return this;
        }
    }

    private static ClientPolicyContext anEvent() {
        return () -> ClientPolicyEvent.TOKEN_REQUEST;
    }

    private KeycloakSession session(RealmModel ofTheRequest) {
        KeycloakContext context = proxy(KeycloakContext.class, (self, method, arguments) -> ofTheRequest);
        Map<String, Object> components = new HashMap<>();
        return proxy(KeycloakSession.class, (self, method, arguments) -> switch (method.getName()) {
            case "getContext" -> context;
            case "clientPolicy" -> new FapiClientPolicyManagerFactory().create((KeycloakSession) self);
            case "getKeycloakSessionFactory" -> factories();
            case "getAttribute" -> sessionAttributes.get((String) arguments[0]);
            case "setAttribute" -> sessionAttributes.put((String) arguments[0], arguments[1]);
            case "getProvider" -> globalOnes();
            case "getComponentProvider" ->
                components.computeIfAbsent((String) arguments[1], missing -> make(modelOf(arguments[2])));
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private KeycloakSessionFactory factories() {
        return proxy(
                KeycloakSessionFactory.class,
                (self, method, arguments) -> EXECUTOR.equals(arguments[1]) ? factory() : null);
    }

    private PackExecutorFactory factory() {
        return new PackExecutorFactory(EXECUTOR, events, "", List.of()) {
            @Override
            public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
                return executor(EXECUTOR);
            }
        };
    }

    private SecurityProfileProvider globalOnes() {
        return proxy(SecurityProfileProvider.class, (self, method, arguments) -> switch (method.getName()) {
            case "getDefaultClientPolicies" -> {
                reads++;
                yield global
                        ? parse(GLOBAL_POLICIES, ClientPoliciesRepresentation.class)
                                .getPolicies()
                        : List.of();
            }
            case "getDefaultClientProfiles" ->
                parse(GLOBAL_PROFILES, ClientProfilesRepresentation.class).getProfiles();
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    @SuppressWarnings("unchecked") // as Keycloak's session declares it
    private static ComponentModel modelOf(Object getter) {
        return ((Function<Object, ComponentModel>) getter).apply(null);
    }

    private Object make(ComponentModel model) {
        String id = model.getProviderId();
        if (id.equals("missing")) {
            return null;
        }
        return model.getProviderType().equals(ClientPolicyConditionProvider.class.getName())
                ? condition(id)
                : executor(id);
    }

    private ClientPolicyConditionProvider<?> condition(String id) {
        AtomicReference<ClientPolicyConditionConfigurationRepresentation> settings = new AtomicReference<>();
        return proxy(ClientPolicyConditionProvider.class, (self, method, arguments) -> switch (method.getName()) {
            case "getConditionConfigurationClass" -> ClientPolicyConditionConfigurationRepresentation.class;
            case "setupConfiguration" -> {
                settings.set((ClientPolicyConditionConfigurationRepresentation) arguments[0]);
                made.add(id + ' ' + asJson(arguments[0]));
                yield null;
            }
            case "applyPolicy" -> {
                ClientPolicyVote vote = VOTES.getOrDefault(id, ClientPolicyVote.YES);
                apply(id, settings.get(), ": " + vote);
                yield vote;
            }
            case "isNegativeLogic" -> Boolean.TRUE.equals(settings.get().isNegativeLogic());
            default -> null;
        });
    }

    private ClientPolicyExecutorProvider<?> executor(String id) {
        AtomicReference<Object> settings = new AtomicReference<>();
        return proxy(ClientPolicyExecutorProvider.class, (self, method, arguments) -> switch (method.getName()) {
            case "getExecutorConfigurationClass" -> AnySettings.class;
            case "setupConfiguration" -> {
                settings.set(arguments[0]);
                yield made.add(id + ' ' + asJson(arguments[0]));
            }
            case "executeOnEvent" -> {
                if (arguments[0] instanceof RulesInForce question) {
                    executor.accept(question);
                } else {
                    apply(id, settings.get(), "");
                }
                yield null;
            }
            default -> null;
        });
    }

    /** As Keycloak reads the settings of its own executors. */
    static final class AnySettings extends ClientPolicyExecutorConfigurationRepresentation {}

    private void apply(String id, Object settings, String vote) throws ClientPolicyException {
        applied.add(id + ' ' + asJson(settings) + vote);
        if (id.equals(refusing)) {
            throw new ClientPolicyException(refusing);
        }
    }

    private static String asJson(Object configuration) {
        try {
            return JsonSerialization.writeValueAsString(configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T parse(String json, Class<T> type) {
        try {
            return JsonSerialization.readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T extends RealmModel> T realm(Class<T> type) {
        return proxy(type, (self, method, arguments) -> switch (method.getName()) {
            case "getAttribute" -> realmAttributes.get((String) arguments[0]);
            case "getCachedWith" -> keptWithTheRealm;
            case "getId", "getName" -> "realm";
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static ClientModel client() {
        return proxy(ClientModel.class, (self, method, arguments) -> "id");
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
