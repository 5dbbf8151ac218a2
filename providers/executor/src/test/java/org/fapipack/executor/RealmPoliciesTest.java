package org.fapipack.executor;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
import org.keycloak.representations.idm.ClientProfilesRepresentation;
import org.keycloak.securityprofile.SecurityProfileProvider;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.ClientPolicyVote;
import org.keycloak.services.clientpolicy.DefaultClientPolicyManager;
import org.keycloak.services.clientpolicy.condition.ClientPolicyConditionProvider;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;
import org.keycloak.util.JsonSerialization;

/** How often the texts of a realm are read, and that a change of them is never missed. Policies are applied by Keycloak's own manager. */
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

    private final Map<String, String> realmAttributes = new HashMap<>();
    private final Map<String, Object> sessionAttributes = new HashMap<>();
    private final ConcurrentHashMap<String, Object> keptWithTheRealm = new ConcurrentHashMap<>();
    private final RealmModel realm = realm(CachedRealmModel.class);
    private int reads;
    private final List<String> made = new ArrayList<>();
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
                        "no-client {}",
                        "fapi-jarm {\"default-algorithm\":\"ES256\"}");
    }

    @Test
    void letTheManagerDoWithoutReadingWhatItDoesAfterReading() throws ClientPolicyException {
        realmAttributes.put(Constants.CLIENT_POLICIES, SEVERAL_POLICIES);
        KeycloakSession session = session(realm);

        new DefaultClientPolicyManager(session).triggerOnEvent(anEvent());
        List<String> stock = List.copyOf(made);
        made.clear();
        session.clientPolicy().triggerOnEvent(anEvent());

        assertThat(made)
                .isEqualTo(stock)
                .containsExactly(
                        "client-roles {}",
                        "client-scopes {}",
                        "any-client {\"is-negative-logic\":false}",
                        "no-client {}",
                        "consent-required {}",
                        "pkce-enforcer {}",
                        "consent-required {}",
                        "pkce-enforcer {}",
                        "pkce-enforcer {\"auto-configure\":true}",
                        "fapi-jarm {\"default-algorithm\":\"ES256\"}");
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
        return proxy(KeycloakSession.class, (self, method, arguments) -> switch (method.getName()) {
            case "getContext" -> context;
            case "clientPolicy" -> new FapiClientPolicyManagerFactory().create((KeycloakSession) self);
            case "getKeycloakSessionFactory" -> factories();
            case "getAttribute" -> sessionAttributes.get((String) arguments[0]);
            case "setAttribute" -> sessionAttributes.put((String) arguments[0], arguments[1]);
            case "getProvider" -> globalOnes();
            case "getComponentProvider" -> make(modelOf(arguments[2]));
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
                yield parse(GLOBAL_POLICIES, ClientPoliciesRepresentation.class).getPolicies();
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
        return model.getProviderType().equals(ClientPolicyConditionProvider.class.getName())
                ? condition(id)
                : executor(id);
    }

    private ClientPolicyConditionProvider<?> condition(String id) {
        return proxy(ClientPolicyConditionProvider.class, (self, method, arguments) -> switch (method.getName()) {
            case "getConditionConfigurationClass" -> ClientPolicyConditionConfigurationRepresentation.class;
            case "setupConfiguration" -> made.add(id + ' ' + asJson(arguments[0]));
            case "applyPolicy" -> id.equals("no-client") ? ClientPolicyVote.NO : ClientPolicyVote.YES;
            case "isNegativeLogic" -> false;
            default -> null;
        });
    }

    private ClientPolicyExecutorProvider<?> executor(String id) {
        return proxy(ClientPolicyExecutorProvider.class, (self, method, arguments) -> switch (method.getName()) {
            case "getExecutorConfigurationClass" -> ClientPolicyExecutorConfigurationRepresentation.class;
            case "setupConfiguration" -> made.add(id + ' ' + asJson(arguments[0]));
            case "executeOnEvent" -> {
                if (arguments[0] instanceof RulesInForce question) {
                    executor.accept(question);
                }
                yield null;
            }
            default -> null;
        });
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
