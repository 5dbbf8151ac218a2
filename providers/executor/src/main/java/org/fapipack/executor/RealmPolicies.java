package org.fapipack.executor;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.cache.CachedRealmModel;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.ClientPolicyManager;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/**
 * What a realm's client policies say without a client in hand: which of our executors are named by an enabled policy. For the
 * discovery document, and for requests whose sender is not authenticated yet.
 *
 * <p>Asked several times in a request, and Keycloak reads the realm's policies and profiles from JSON each time. So what was read
 * stays with Keycloak's own cached copy of the realm, which bounds it and throws it away on every node when the realm changes. It
 * counts only as long as the texts it was read from are those of the realm: a change is seen at once, also by the request that makes
 * it. Global policies and profiles come from a file that Keycloak reads once.
 */
public final class RealmPolicies {

    private static final String KEPT_WITH_THE_REALM = RealmPolicies.class.getName();

    private final List<String> texts;
    private final KnownPolicies all;
    private final KnownPolicies ofThePack;
    private final List<KnownProvider<ClientPolicyExecutorProvider<?>>> executors;
    private final Map<ClientPolicyEvent, KnownPolicies> byEvent = new ConcurrentHashMap<>();
    private final Map<Made, Object> made = new ConcurrentHashMap<>();

    /** A thing of one kind that was made of these settings. */
    private record Made(Class<?> kind, Map<String, Object> settings) {}

    private RealmPolicies(List<String> texts, KnownPolicies all) {
        this.texts = texts;
        this.all = all;
        this.ofThePack = all.ofThePack();
        this.executors = all.executors().distinct().toList();
    }

    /** The enabled policies of a realm, with profiles of the realm and global ones. */
    public static RealmPolicies of(KeycloakSession session, RealmModel realm) {
        List<String> texts = texts(realm);
        return realm instanceof CachedRealmModel cached
                ? of(session, realm, texts, keptWith(cached))
                : read(session, realm, texts);
    }

    private static RealmPolicies of(
            KeycloakSession session, RealmModel realm, List<String> texts, Map<String, Object> keptWithTheRealm) {
        if (keptWithTheRealm.get(KEPT_WITH_THE_REALM) instanceof RealmPolicies known && known.texts.equals(texts)) {
            return known;
        }
        RealmPolicies read = read(session, realm, texts);
        keptWithTheRealm.put(KEPT_WITH_THE_REALM, read);
        return read;
    }

    @SuppressWarnings("unchecked") // raw in Keycloak; its own keys are strings, too
    private static Map<String, Object> keptWith(CachedRealmModel realm) {
        return realm.getCachedWith();
    }

    private static List<String> texts(RealmModel realm) {
        return Stream.of(Constants.CLIENT_POLICIES, Constants.CLIENT_PROFILES)
                .map(realm::getAttribute)
                .map(text -> text == null ? "" : text)
                .toList();
    }

    private static RealmPolicies read(KeycloakSession session, RealmModel realm, List<String> texts) {
        ClientPolicyManager manager = session.clientPolicy();
        try {
            return new RealmPolicies(
                    texts,
                    KnownPolicies.of(
                            realm.getId(),
                            manager.getClientPolicies(realm, true),
                            manager.getClientProfiles(realm, true)));
        } catch (ClientPolicyException unreadable) {
            throw new IllegalStateException("the client policies of the realm cannot be read", unreadable);
        }
    }

    /** Whether an enabled policy of the realm lists the executor. */
    public static boolean mention(KeycloakSession session, RealmModel realm, String executorId) {
        return of(session, realm).mention(executorId);
    }

    /** Whether an enabled policy lists the executor; of the pack or of Keycloak. */
    public boolean mention(String executorId) {
        return executors.stream().anyMatch(executor -> executorId.equals(executor.id()));
    }

    /** Whether an enabled policy lists an executor of the pack; if not, the pack leaves the realm alone. */
    public boolean haveOptedIn() {
        return !ofThePack.policies().isEmpty();
    }

    /** What can act at an event of Keycloak: the pack's executors are left out of those at which they do nothing. */
    KnownPolicies at(ClientPolicyEvent event, KeycloakSessionFactory factories) {
        return byEvent.computeIfAbsent(
                event, missing -> all.withExecutors(executor -> mayActAt(event, executor, factories)));
    }

    private static boolean mayActAt(ClientPolicyEvent event, String executorId, KeycloakSessionFactory factories) {
        return !(factories.getProviderFactory(ClientPolicyExecutorProvider.class, executorId)
                        instanceof PackExecutorFactory ours)
                || ours.actsAt(event);
    }

    /** For the question which rules are in force. */
    KnownPolicies ofThePack() {
        return ofThePack;
    }

    /** The settings of every occurrence of the executor in the enabled policies; empty when none lists it. */
    public <C extends ExecutorConfiguration> List<C> settings(String executorId, Class<C> configurationClass) {
        return executors.stream()
                .filter(executor -> executorId.equals(executor.id()))
                .map(executor -> executor.settings(configurationClass))
                .toList();
    }

    /** What the executor makes of its settings, for every occurrence of it in the enabled policies, whichever clients they hold for. */
    public <T, C extends ExecutorConfiguration> List<T> made(
            String executorId, Class<T> kind, Class<C> configurationClass, Function<C, T> maker) {
        return settings(executorId, configurationClass).stream()
                .map(settings -> made(kind, settings, maker))
                .toList();
    }

    /** What an executor makes of its settings, made once for as long as these policies are those of the realm. */
    <T, C extends ExecutorConfiguration> T made(Class<T> kind, C settings, Function<C, T> maker) {
        return kind.cast(
                made.computeIfAbsent(new Made(kind, settings.getConfigAsMap()), missing -> maker.apply(settings)));
    }
}
