package org.fapipack.executor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fapipack.session.SessionView;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.idm.ClientPoliciesRepresentation;
import org.keycloak.representations.idm.ClientPolicyExecutorRepresentation;
import org.keycloak.representations.idm.ClientPolicyRepresentation;
import org.keycloak.representations.idm.ClientProfileRepresentation;
import org.keycloak.representations.idm.ClientProfilesRepresentation;
import org.keycloak.securityprofile.SecurityProfileProvider;
import org.keycloak.services.clientpolicy.DefaultClientPolicyManager;

/**
 * Policies and profiles that were read already, for Keycloak's own policy manager.
 *
 * <p>The manager reads the texts of a realm anew for each event, but takes global policies and profiles as they are. So it gets all of
 * them as global ones, and a realm without texts. What it does with them is the same: conditions and executors are made, asked and
 * counted by Keycloak as always.
 *
 * @param policies enabled ones, global ones first, as the manager orders them
 * @param profiles one of a name: that of the realm, where there is a global one, too
 */
record KnownPolicies(List<ClientPolicyRepresentation> policies, List<ClientProfileRepresentation> profiles) {

    /** What the ids of the pack's executors start with, and no others do. */
    private static final String ID_PREFIX = "fapi-";

    private static final Set<String> TEXTS = Set.of(Constants.CLIENT_POLICIES, Constants.CLIENT_PROFILES);

    /** All enabled policies of a realm, with all profiles. */
    static KnownPolicies of(ClientPoliciesRepresentation policies, ClientProfilesRepresentation profiles) {
        return new KnownPolicies(
                Stream.concat(orEmpty(policies.getGlobalPolicies()), orEmpty(policies.getPolicies()))
                        .filter(policy -> Boolean.TRUE.equals(policy.isEnabled()))
                        .toList(),
                List.copyOf(Stream.concat(orEmpty(profiles.getProfiles()), orEmpty(profiles.getGlobalProfiles()))
                        .collect(Collectors.toMap(
                                ClientProfileRepresentation::getName,
                                Function.identity(),
                                (first, second) -> first,
                                LinkedHashMap::new))
                        .values()));
    }

    /**
     * The part that can answer which rules are {@linkplain RulesInForce in force}: policies whose profiles list an executor of the pack,
     * and of these profiles no other executors.
     */
    KnownPolicies ofThePack() {
        return withExecutors(id -> id.startsWith(ID_PREFIX));
    }

    /** The part with the executors that are wanted: policies whose profiles list one, and of these profiles no other executors. */
    KnownPolicies withExecutors(Predicate<String> wanted) {
        List<ClientProfileRepresentation> shortened = profiles.stream()
                .map(profile -> withExecutors(profile, wanted))
                .filter(profile -> !profile.getExecutors().isEmpty())
                .toList();
        Set<String> names =
                shortened.stream().map(ClientProfileRepresentation::getName).collect(Collectors.toSet());
        return new KnownPolicies(
                policies.stream()
                        .filter(policy -> orEmpty(policy.getProfiles()).anyMatch(names::contains))
                        .toList(),
                shortened);
    }

    private static ClientProfileRepresentation withExecutors(
            ClientProfileRepresentation profile, Predicate<String> wanted) {
        ClientProfileRepresentation shortened = new ClientProfileRepresentation();
        shortened.setName(profile.getName());
        shortened.setExecutors(orEmpty(profile.getExecutors())
                .filter(executor -> wanted.test(executor.getExecutorProviderId()))
                .toList());
        return shortened;
    }

    /** The executors of all profiles that a policy links. */
    List<ClientPolicyExecutorRepresentation> executors() {
        Set<String> linked = policies.stream()
                .flatMap(policy -> orEmpty(policy.getProfiles()))
                .collect(Collectors.toSet());
        return profiles.stream()
                .filter(profile -> linked.contains(profile.getName()))
                .flatMap(profile -> orEmpty(profile.getExecutors()))
                .toList();
    }

    /** Keycloak's manager, which sees these policies and no others. */
    DefaultClientPolicyManager manager(KeycloakSession session) {
        KeycloakSession withoutTexts = SessionView.withoutRealmAttributes(session, TEXTS);
        return new DefaultClientPolicyManager(
                SessionView.withProvider(withoutTexts, SecurityProfileProvider.class, new AsGlobalOnes(this)));
    }

    private static <T> Stream<T> orEmpty(List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }

    private record AsGlobalOnes(KnownPolicies known) implements SecurityProfileProvider {

        @Override
        public String getName() {
            return KnownPolicies.class.getSimpleName();
        }

        @Override
        public List<ClientProfileRepresentation> getDefaultClientProfiles() {
            return known.profiles();
        }

        @Override
        public List<ClientPolicyRepresentation> getDefaultClientPolicies() {
            return known.policies();
        }

        @Override
        public void close() {
            // nothing to release
        }
    }
}
