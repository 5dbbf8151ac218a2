package org.fapipack.consent.page;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.models.AuthenticationExecutionModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * An account as its customer knows it.
 *
 * @param name as the customer calls it
 * @param maskedNumber as the page on which they decided showed it; empty where it has none
 */
public record KnownAccount(String name, String maskedNumber) {

    /** The accounts that a customer has now, by id, wherever the steps of the realm's flows find them. */
    public static Map<String, KnownAccount> of(RealmModel realm, UserModel customer) {
        return attributes(realm)
                .flatMap(attribute -> CustomerAccounts.of(customer, attribute).all().stream())
                .collect(Collectors.toMap(
                        Account::id,
                        account -> new KnownAccount(account.name(), account.maskedNumber()),
                        (first, second) -> first));
    }

    /** The attributes of users that have their accounts. */
    static Stream<String> attributes(RealmModel realm) {
        return realm.getAuthenticationFlowsStream()
                .flatMap(flow -> realm.getAuthenticationExecutionsStream(flow.getId()))
                .filter(step -> ConsentAuthenticatorFactory.ID.equals(step.getAuthenticator()))
                .map(AuthenticationExecutionModel::getAuthenticatorConfig)
                .map(config -> config == null ? null : realm.getAuthenticatorConfigById(config))
                .map(ConsentAuthenticatorFactory::accountsAttribute)
                .distinct();
    }
}
