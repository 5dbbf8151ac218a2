package org.fapipack.executor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.idm.ClientPolicyExecutorRepresentation;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.ClientPolicyManager;
import org.keycloak.util.JsonSerialization;

/**
 * What a realm's client policies say without a client in hand: which of our executors are named by an enabled policy. For the
 * discovery document, and for requests whose sender is not authenticated yet.
 */
public final class RealmPolicies {

    private final List<ClientPolicyExecutorRepresentation> executors;

    private RealmPolicies(List<ClientPolicyExecutorRepresentation> executors) {
        this.executors = executors;
    }

    /** The enabled policies of a realm, with profiles of the realm and global ones. */
    public static RealmPolicies of(KeycloakSession session, RealmModel realm) {
        return new RealmPolicies(executors(session, realm).toList());
    }

    /** Whether an enabled policy of the realm lists the executor. */
    public static boolean mention(KeycloakSession session, RealmModel realm, String executorId) {
        return of(session, realm).mention(executorId);
    }

    /** Whether an enabled policy lists the executor; of the pack or of Keycloak. */
    public boolean mention(String executorId) {
        return executors.stream().anyMatch(executor -> executorId.equals(executor.getExecutorProviderId()));
    }

    /** The settings of every occurrence of the executor in the enabled policies; empty when none lists it. */
    public <C extends ExecutorConfiguration> List<C> settings(String executorId, Class<C> configurationClass) {
        return executors.stream()
                .filter(executor -> executorId.equals(executor.getExecutorProviderId()))
                .map(executor -> read(executor.getConfiguration(), configurationClass))
                .toList();
    }

    private static <C> C read(JsonNode configuration, Class<C> configurationClass) {
        return JsonSerialization.mapper.convertValue(
                configuration == null ? JsonSerialization.mapper.createObjectNode() : configuration,
                configurationClass);
    }

    private static Stream<ClientPolicyExecutorRepresentation> executors(KeycloakSession session, RealmModel realm) {
        ClientPolicyManager policies = session.clientPolicy();
        try {
            var policyList = policies.getClientPolicies(realm, true);
            Set<String> linked = Stream.concat(
                            orEmpty(policyList.getPolicies()), orEmpty(policyList.getGlobalPolicies()))
                    .filter(policy -> Boolean.TRUE.equals(policy.isEnabled()))
                    .flatMap(policy -> orEmpty(policy.getProfiles()))
                    .collect(Collectors.toSet());
            if (linked.isEmpty()) {
                return Stream.empty();
            }
            var profiles = policies.getClientProfiles(realm, true);
            return Stream.concat(orEmpty(profiles.getProfiles()), orEmpty(profiles.getGlobalProfiles()))
                    .filter(profile -> linked.contains(profile.getName()))
                    .flatMap(profile -> orEmpty(profile.getExecutors()));
        } catch (ClientPolicyException unreadable) {
            throw new IllegalStateException("the client policies of the realm cannot be read", unreadable);
        }
    }

    private static <T> Stream<T> orEmpty(List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }
}
