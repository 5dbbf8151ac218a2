package org.fapipack.executor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fapipack.session.SessionView;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.idm.ClientPoliciesRepresentation;
import org.keycloak.representations.idm.ClientPolicyExecutorRepresentation;
import org.keycloak.representations.idm.ClientPolicyRepresentation;
import org.keycloak.representations.idm.ClientProfileRepresentation;
import org.keycloak.representations.idm.ClientProfilesRepresentation;
import org.keycloak.services.clientpolicy.ClientPolicyManager;
import org.keycloak.util.JsonSerialization;

/**
 * The part of a realm's client policies that can answer which rules are {@linkplain RulesInForce in force}: enabled policies whose
 * profiles list an executor of the pack, and of these profiles no other executors.
 *
 * <p>Keycloak's policy manager reads all policies and profiles from JSON and makes every executor anew for each event. Our question is
 * one event more in each request, so it brings a shorter text along. Conditions are made, asked and counted by Keycloak as always.
 */
final class PackPolicies {

    /** What the ids of the pack's executors start with, and no others do. */
    private static final String ID_PREFIX = "fapi-";

    private final Map<String, String> realmAttributes;
    private final boolean none;

    private PackPolicies(Map<String, String> realmAttributes, boolean none) {
        this.realmAttributes = realmAttributes;
        this.none = none;
    }

    /** Global policies and profiles are taken into account, but need not be brought along: the manager adds them to each realm. */
    static PackPolicies among(ClientPoliciesRepresentation policies, ClientProfilesRepresentation profiles) {
        Set<String> names = Stream.concat(orEmpty(profiles.getProfiles()), orEmpty(profiles.getGlobalProfiles()))
                .filter(profile -> executors(profile).findAny().isPresent())
                .map(ClientProfileRepresentation::getName)
                .collect(Collectors.toSet());
        ClientPoliciesRepresentation fewerPolicies = new ClientPoliciesRepresentation();
        fewerPolicies.setPolicies(linking(names, policies.getPolicies()));
        ClientProfilesRepresentation fewerProfiles = new ClientProfilesRepresentation();
        fewerProfiles.setProfiles(orEmpty(profiles.getProfiles())
                .filter(profile -> names.contains(profile.getName()))
                .map(PackPolicies::withoutOthers)
                .toList());
        return new PackPolicies(
                Map.of(Constants.CLIENT_POLICIES, json(fewerPolicies), Constants.CLIENT_PROFILES, json(fewerProfiles)),
                fewerPolicies.getPolicies().isEmpty()
                        && linking(names, policies.getGlobalPolicies()).isEmpty());
    }

    private static List<ClientPolicyRepresentation> linking(
            Set<String> profiles, List<ClientPolicyRepresentation> policies) {
        return orEmpty(policies)
                .filter(policy -> Boolean.TRUE.equals(policy.isEnabled()))
                .filter(policy -> orEmpty(policy.getProfiles()).anyMatch(profiles::contains))
                .toList();
    }

    private static ClientProfileRepresentation withoutOthers(ClientProfileRepresentation profile) {
        ClientProfileRepresentation shortened = new ClientProfileRepresentation();
        shortened.setName(profile.getName());
        shortened.setExecutors(executors(profile).toList());
        return shortened;
    }

    private static Stream<ClientPolicyExecutorRepresentation> executors(ClientProfileRepresentation profile) {
        return orEmpty(profile.getExecutors())
                .filter(executor -> executor.getExecutorProviderId().startsWith(ID_PREFIX));
    }

    private static <T> Stream<T> orEmpty(List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }

    private static String json(Object representation) {
        try {
            return JsonSerialization.writeValueAsString(representation);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Whether no question can have an answer. */
    boolean isNone() {
        return none;
    }

    /** Keycloak's manager, which sees these policies and no others of the realm. */
    ClientPolicyManager manager(KeycloakSession session) {
        RealmModel realm = session.getContext().getRealm();
        RealmModel view = (RealmModel) Proxy.newProxyInstance(
                PackPolicies.class.getClassLoader(), new Class<?>[] {RealmModel.class}, (self, method, arguments) -> {
                    if (isAttributeOfThese(method.getName(), arguments)) {
                        return realmAttributes.get((String) arguments[0]);
                    }
                    try {
                        return method.invoke(realm, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
        return session.getKeycloakSessionFactory()
                .getProviderFactory(ClientPolicyManager.class)
                .create(SessionView.withContext(session, "getRealm", view));
    }

    private boolean isAttributeOfThese(String method, Object... arguments) {
        return method.equals("getAttribute") && arguments.length == 1 && realmAttributes.containsKey(arguments[0]);
    }
}
