package org.fapipack.executor;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.representations.idm.ClientPoliciesRepresentation;
import org.keycloak.representations.idm.ClientPolicyRepresentation;
import org.keycloak.representations.idm.ClientProfileRepresentation;
import org.keycloak.representations.idm.ClientProfilesRepresentation;
import org.keycloak.services.clientpolicy.ClientPolicyMode;
import org.keycloak.services.clientpolicy.condition.ClientPolicyConditionProvider;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/**
 * Policies that were read already.
 *
 * @param policies in the order in which they are applied: global ones first, as Keycloak orders them
 */
record KnownPolicies(List<Policy> policies) {

    /** What the ids of the pack's executors start with, and no others do. */
    private static final String ID_PREFIX = "fapi-";

    /**
     * An enabled policy.
     *
     * @param executors of all profiles that it links, in that order
     */
    record Policy(
            String name,
            ClientPolicyMode mode,
            List<KnownProvider<ClientPolicyConditionProvider<?>>> conditions,
            List<KnownProvider<ClientPolicyExecutorProvider<?>>> executors) {

        private Policy withExecutors(Predicate<String> wanted) {
            return new Policy(
                    name,
                    mode,
                    conditions,
                    executors.stream()
                            .filter(executor -> wanted.test(executor.id()))
                            .toList());
        }
    }

    /**
     * All enabled policies of a realm. One without a name is left out, and a profile that is not there, as Keycloak does.
     *
     * @param profiles those of the realm come before global ones of the same name
     */
    static KnownPolicies of(
            String realmId, ClientPoliciesRepresentation policies, ClientProfilesRepresentation profiles) {
        Map<String, List<KnownProvider<ClientPolicyExecutorProvider<?>>>> executors = Stream.concat(
                        orEmpty(profiles.getProfiles()), orEmpty(profiles.getGlobalProfiles()))
                .collect(Collectors.toMap(
                        ClientProfileRepresentation::getName,
                        profile -> executors(realmId, profile),
                        (first, second) -> first));
        return new KnownPolicies(Stream.concat(orEmpty(policies.getGlobalPolicies()), orEmpty(policies.getPolicies()))
                .filter(policy -> policy.getName() != null && Boolean.TRUE.equals(policy.isEnabled()))
                .map(policy -> policy(realmId, policy, executors::get))
                .toList());
    }

    private static Policy policy(
            String realmId,
            ClientPolicyRepresentation policy,
            Function<String, List<KnownProvider<ClientPolicyExecutorProvider<?>>>> executors) {
        return new Policy(
                policy.getName(),
                policy.getMode() == null
                        ? ClientPolicyMode.DEFAULT
                        : ClientPolicyMode.valueOf(policy.getMode().toUpperCase(Locale.ROOT)),
                orEmpty(policy.getConditions())
                        .map(condition -> KnownProvider.condition(realmId, condition))
                        .toList(),
                orEmpty(policy.getProfiles())
                        .flatMap(profile -> orEmpty(executors.apply(profile)))
                        .toList());
    }

    private static List<KnownProvider<ClientPolicyExecutorProvider<?>>> executors(
            String realmId, ClientProfileRepresentation profile) {
        return orEmpty(profile.getExecutors())
                .map(executor -> KnownProvider.executor(realmId, executor))
                .toList();
    }

    /**
     * The part that can answer which rules are {@linkplain RulesInForce in force}: policies whose profiles list an executor of the pack,
     * and of these profiles no other executors.
     */
    KnownPolicies ofThePack() {
        return withExecutors(id -> id != null && id.startsWith(ID_PREFIX));
    }

    /** The part with the executors that are wanted: policies whose profiles list one, and of these profiles no other executors. */
    KnownPolicies withExecutors(Predicate<String> wanted) {
        return new KnownPolicies(policies.stream()
                .map(policy -> policy.withExecutors(wanted))
                .filter(policy -> !policy.executors().isEmpty())
                .toList());
    }

    /** The executors of all policies, each as often as it is listed. */
    Stream<KnownProvider<ClientPolicyExecutorProvider<?>>> executors() {
        return policies.stream().flatMap(policy -> policy.executors().stream());
    }

    private static <T> Stream<T> orEmpty(List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }
}
