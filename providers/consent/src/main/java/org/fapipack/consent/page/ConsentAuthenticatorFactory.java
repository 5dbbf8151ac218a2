package org.fapipack.consent.page;

import java.util.List;
import java.util.Optional;
import org.keycloak.Config;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.AuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.AuthenticatorConfigModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;

/** Factory of {@link ConsentAuthenticator}, a step of the browser flow. */
public final class ConsentAuthenticatorFactory implements AuthenticatorFactory {

    /** Provider id. */
    public static final String ID = "fapi-consent";

    static final String ACCOUNTS_ATTRIBUTE = "accounts-attribute";
    static final String DEFAULT_ACCOUNTS_ATTRIBUTE = "fapi.accounts";

    /**
     * The attribute of a user that has the accounts.
     *
     * @param config of the step; null where it has none
     */
    static String accountsAttribute(AuthenticatorConfigModel config) {
        return Optional.ofNullable(config)
                .map(AuthenticatorConfigModel::getConfig)
                .map(settings -> settings.get(ACCOUNTS_ATTRIBUTE))
                .filter(name -> !name.isBlank())
                .orElse(DEFAULT_ACCOUNTS_ATTRIBUTE);
    }

    @Override
    public Authenticator create(KeycloakSession session) {
        return new ConsentAuthenticator(session);
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public String getDisplayType() {
        return "Consent (FAPI Pack)";
    }

    @Override
    public String getReferenceCategory() {
        return "consent";
    }

    @Override
    public String getHelpText() {
        return "Asks the customer to decide on the consent that the request is for, and to choose accounts. Put it, as required, behind the steps "
                + "that sign the customer in, single sign-on included. Requests that are for no consent pass.";
    }

    @Override
    public boolean isConfigurable() {
        return true;
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return List.of(new ProviderConfigProperty(
                ACCOUNTS_ATTRIBUTE,
                "User attribute with accounts",
                "Each value is one account of the user, for example {\"id\": \"1\", \"name\": \"Savings\", \"number\": \"DE02120300000000202051\"}. "
                        + "Default " + DEFAULT_ACCOUNTS_ATTRIBUTE + ".",
                ProviderConfigProperty.STRING_TYPE,
                DEFAULT_ACCOUNTS_ATTRIBUTE));
    }

    @Override
    public Requirement[] getRequirementChoices() {
        return new Requirement[] {Requirement.REQUIRED, Requirement.DISABLED};
    }

    @Override
    public boolean isUserSetupAllowed() {
        return false;
    }

    @Override
    public void init(Config.Scope config) {
        // nothing to set
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        // nothing to prepare
    }

    @Override
    public void close() {
        // nothing to release
    }
}
