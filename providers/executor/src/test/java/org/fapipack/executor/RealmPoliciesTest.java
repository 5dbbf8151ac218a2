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
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.cache.CachedRealmModel;
import org.keycloak.representations.idm.ClientPoliciesRepresentation;
import org.keycloak.representations.idm.ClientProfilesRepresentation;
import org.keycloak.services.clientpolicy.ClientPolicyManager;
import org.keycloak.services.clientpolicy.ClientPolicyManagerFactory;
import org.keycloak.util.JsonSerialization;

/** How often the texts of a realm are read, and that a change of them is never missed. */
class RealmPoliciesTest {

    private static final String EXECUTOR = "fapi-jarm";
    private static final String PROFILES = """
            {"profiles": [
              {"name": "ours", "executors": [{"executor": "fapi-jarm", "configuration": {}}]},
              {"name": "stock", "executors": [{"executor": "pkce-enforcer", "configuration": {}}]}]}
            """;

    private final Map<String, String> realmAttributes = new HashMap<>();
    private final Map<String, Object> sessionAttributes = new HashMap<>();
    private final ConcurrentHashMap<String, Object> keptWithTheRealm = new ConcurrentHashMap<>();
    private final RealmModel realm = realm(CachedRealmModel.class);
    private int reads;
    private final List<RealmModel> questions = new ArrayList<>();

    @BeforeEach
    void savePolicy() {
        realmAttributes.put("any.other", "as it is");
        realmAttributes.put(Constants.CLIENT_PROFILES, PROFILES);
        realmAttributes.put(Constants.CLIENT_POLICIES, policy("ours", true));
    }

    private static String policy(String profile, boolean enabled) {
        return """
                {"policies": [{"name": "p", "enabled": %s, "profiles": ["%s"]}]}""".formatted(enabled, profile);
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
        realmAttributes.put(Constants.CLIENT_POLICIES, policy("stock", true));
        assertThat(RulesInForce.find(session(realm), client(), AnyRules.class)).isEmpty();
        realmAttributes.put(Constants.CLIENT_POLICIES, policy("ours", false));
        assertThat(RulesInForce.find(session(realm), client(), AnyRules.class)).isEmpty();

        assertThat(questions).isEmpty();
    }

    @Test
    void letTheQuestionSeeNothingButWhatCanAnswerIt() throws IOException {
        realmAttributes.put(Constants.CLIENT_POLICIES, """
                {"policies": [
                  {"name": "theirs", "enabled": true, "profiles": ["stock"]},
                  {"name": "both", "enabled": true, "profiles": ["stock", "ours"], "mode": "STRICT",
                   "conditions": [{"condition": "any-client", "configuration": {"is-negative-logic": true}}]},
                  {"name": "asleep", "enabled": false, "profiles": ["ours"]}]}
                """);

        assertThat(RulesInForce.find(session(realm), client(), AnyRules.class)).isEmpty();

        assertThat(questions).hasSize(1);
        RealmModel asked = questions.get(0);
        assertThat(JsonSerialization.mapper.readTree(asked.getAttribute(Constants.CLIENT_POLICIES)))
                .isEqualTo(JsonSerialization.mapper.readTree("""
                                {"policies": [
                                  {"name": "both", "enabled": true, "profiles": ["stock", "ours"], "mode": "STRICT",
                                   "conditions": [{"condition": "any-client", "configuration": {"is-negative-logic": true}}]}]}
                                """));
        assertThat(JsonSerialization.mapper.readTree(asked.getAttribute(Constants.CLIENT_PROFILES)))
                .isEqualTo(JsonSerialization.mapper.readTree("""
                                {"profiles": [{"name": "ours", "executors": [{"executor": "fapi-jarm", "configuration": {}}]}]}
                                """));
        assertThat(asked.getAttribute("any.other")).isEqualTo("as it is");
    }

    @Test
    void askOnceForEachClientAndRequest() {
        KeycloakSession session = session(realm);
        RulesInForce.find(session, client(), AnyRules.class);
        RulesInForce.find(session, client(), AnyRules.class);
        assertThat(questions).hasSize(1);

        sessionAttributes.clear();
        RulesInForce.find(session(realm), client(), AnyRules.class);
        assertThat(questions).hasSize(2);
    }

    private record AnyRules() implements Rules<AnyRules> {
        @Override
        public AnyRules and(AnyRules other) {
            return this;
        }
    }

    private KeycloakSession session(RealmModel ofTheRequest) {
        KeycloakContext context = proxy(KeycloakContext.class, (self, method, arguments) -> ofTheRequest);
        ClientPolicyManagerFactory factory = proxy(
                ClientPolicyManagerFactory.class, (self, method, arguments) -> manager((KeycloakSession) arguments[0]));
        KeycloakSessionFactory factories = proxy(KeycloakSessionFactory.class, (self, method, arguments) -> factory);
        Map<String, Object> members =
                Map.of("getContext", context, "clientPolicy", manager(null), "getKeycloakSessionFactory", factories);
        return proxy(KeycloakSession.class, (self, method, arguments) -> switch (method.getName()) {
            case "getAttribute" -> sessionAttributes.get((String) arguments[0]);
            case "setAttribute" -> sessionAttributes.put((String) arguments[0], arguments[1]);
            default -> members.get(method.getName());
        });
    }

    private ClientPolicyManager manager(KeycloakSession session) {
        return proxy(ClientPolicyManager.class, (self, method, arguments) -> switch (method.getName()) {
            case "getClientPolicies" -> {
                reads++;
                yield read(Constants.CLIENT_POLICIES, ClientPoliciesRepresentation.class);
            }
            case "getClientProfiles" -> read(Constants.CLIENT_PROFILES, ClientProfilesRepresentation.class);
            case "triggerOnEvent" -> {
                questions.add(session.getContext().getRealm());
                yield null;
            }
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private <T> T read(String attribute, Class<T> type) {
        try {
            return JsonSerialization.readValue(realmAttributes.getOrDefault(attribute, "{}"), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T extends RealmModel> T realm(Class<T> type) {
        return proxy(type, (self, method, arguments) -> switch (method.getName()) {
            case "getAttribute" -> realmAttributes.get((String) arguments[0]);
            case "getCachedWith" -> keptWithTheRealm;
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
