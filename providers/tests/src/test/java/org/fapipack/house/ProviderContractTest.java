package org.fapipack.house;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.fapipack.clientauth.ClientSecretAuthenticator;
import org.fapipack.clientauth.ClientSecretJwtAuthenticator;
import org.fapipack.clientauth.FederatedJwtAuthenticator;
import org.fapipack.clientauth.MutualTlsAuthenticator;
import org.fapipack.clientauth.PrivateKeyJwtAuthenticator;
import org.fapipack.clientmetadata.registration.FapiClientRegistrationProviderFactory;
import org.fapipack.clientmetadata.registration.FapiDefaultRegistrationProviderFactory;
import org.fapipack.clientmetadata.registration.FapiSamlRegistrationProviderFactory;
import org.fapipack.consent.ConsentSourceFactory;
import org.fapipack.executor.FapiClientPolicyManagerFactory;
import org.fapipack.introspection.SignedAccessTokenIntrospectionProviderFactory;
import org.fapipack.introspection.SignedRefreshTokenIntrospectionProviderFactory;
import org.fapipack.introspection.SignedRptIntrospectionProviderFactory;
import org.fapipack.protocol.AuthorizationServerMetadataProviderFactory;
import org.fapipack.protocol.FapiCibaRootEndpoint;
import org.fapipack.protocol.FapiLoginProtocolFactory;
import org.fapipack.protocol.FapiParRootEndpoint;
import org.fapipack.protocol.OpenIdConfigurationProviderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keycloak.authentication.AuthenticatorFactory;
import org.keycloak.authentication.ClientAuthenticatorFactory;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProviderFactory;
import org.keycloak.protocol.LoginProtocolFactory;
import org.keycloak.protocol.ProtocolMapper;
import org.keycloak.protocol.oidc.TokenIntrospectionProviderFactory;
import org.keycloak.protocol.oidc.ext.OIDCExtProviderFactory;
import org.keycloak.protocol.oidc.token.TokenPostProcessorFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;
import org.keycloak.representations.idm.ClientPolicyExecutorConfigurationRepresentation;
import org.keycloak.services.clientpolicy.ClientPolicyManagerFactory;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProviderFactory;
import org.keycloak.services.clientregistration.ClientRegistrationProviderFactory;
import org.keycloak.services.resource.RealmResourceProviderFactory;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProviderFactory;
import org.keycloak.wellknown.WellKnownProviderFactory;

/** What every provider factory in the JAR promises to Keycloak and to the administrator. */
class ProviderContractTest {

    /** Stock providers we replace on purpose: there is no other place to stand, and each hands on what does not concern us. */
    private static final Map<Class<?>, String> REPLACES_STOCK = Map.ofEntries(
            entry(FapiLoginProtocolFactory.class, "openid-connect"), // the end of an authorization, and the endpoints
            entry(FapiCibaRootEndpoint.class, "ciba"), // a device's answer is a decision on a consent
            entry(FapiParRootEndpoint.class, "par"), // error codes, and checks before Keycloak parses
            entry(
                    FapiClientPolicyManagerFactory.class,
                    "default"), // hands policies that were read to the stock manager
            entry(PrivateKeyJwtAuthenticator.class, "client-jwt"), // decides before any grant logic, at every endpoint
            entry(ClientSecretAuthenticator.class, "client-secret"), // refuses where a policy says so
            entry(ClientSecretJwtAuthenticator.class, "client-secret-jwt"), // the same
            entry(FederatedJwtAuthenticator.class, "federated-jwt"), // the same
            entry(MutualTlsAuthenticator.class, "client-x509"), // the same
            entry(SignedAccessTokenIntrospectionProviderFactory.class, "access_token"), // picked by token_type_hint
            entry(SignedRefreshTokenIntrospectionProviderFactory.class, "refresh_token"), // picked by token_type_hint
            entry(SignedRptIntrospectionProviderFactory.class, "requesting_party_token"), // picked by token_type_hint
            entry(FapiClientRegistrationProviderFactory.class, "openid-connect"), // it reads the body itself
            entry(FapiDefaultRegistrationProviderFactory.class, "default"), // takes any attribute and mapper
            entry(FapiSamlRegistrationProviderFactory.class, "saml2-entity-descriptor"), // makes mappers
            entry(OpenIdConfigurationProviderFactory.class, "openid-configuration"), // metadata has no other hook
            entry(AuthorizationServerMetadataProviderFactory.class, "oauth-authorization-server")); // the same

    /** Every kind of factory the JAR registers; a services file of another kind makes {@link #everyFactoryIsCovered} fail. */
    private static final List<Class<? extends ProviderFactory<?>>> KINDS = List.of(
            ClientPolicyExecutorProviderFactory.class,
            ClientPolicyManagerFactory.class,
            ClientAuthenticatorFactory.class,
            AuthenticatorFactory.class,
            LoginProtocolFactory.class,
            OIDCExtProviderFactory.class,
            TokenPostProcessorFactory.class,
            ProtocolMapper.class,
            TokenIntrospectionProviderFactory.class,
            ClientRegistrationProviderFactory.class,
            WellKnownProviderFactory.class,
            JpaEntityProviderFactory.class,
            ConsentSourceFactory.class,
            RealmResourceProviderFactory.class,
            AdminRealmResourceProviderFactory.class);

    static List<ProviderFactory<?>> factories() {
        List<ProviderFactory<?>> ours = new ArrayList<>();
        for (Class<? extends ProviderFactory<?>> kind : KINDS) {
            // Others are not made: some need what is not on the class path of the tests.
            ServiceLoader.load(kind).stream()
                    .filter(factory -> factory.type().getName().startsWith("org.fapipack."))
                    .forEach(factory -> ours.add(factory.get()));
        }
        return ours;
    }

    static Stream<ClientPolicyExecutorProviderFactory> executors() {
        return factories().stream()
                .filter(ClientPolicyExecutorProviderFactory.class::isInstance)
                .map(ClientPolicyExecutorProviderFactory.class::cast);
    }

    @Test
    void everyFactoryIsCovered() {
        Stream<Object> spis = ServiceLoader.load(Spi.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(spi -> spi.getClass().getName().startsWith("org.fapipack."))
                .map(Object.class::cast);
        assertThat(ShippedJar.registeredFactories())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(factories().stream(), spis)
                        .map(provided -> provided.getClass().getName())
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("factories")
    void anIdIsOursOrReplacesAStockOneOnPurpose(ProviderFactory<?> factory) {
        String replaced = REPLACES_STOCK.get(factory.getClass());
        if (replaced == null) {
            assertThat(factory.getId()).startsWith("fapi-").matches("[a-z]+(-[a-z0-9]+)+");
        } else {
            assertThat(factory.getId()).isEqualTo(replaced);
            assertThat(factory.getClass().getSuperclass().getName())
                    .as("a replacement extends the stock factory")
                    .startsWith("org.keycloak.");
            assertThat(factory.order()).as("and wins over it").isPositive();
        }
    }

    /** The endpoint picks the provider by a hint the caller chooses, so one that is left to stock is a way round the rules. */
    @Test
    void everyIntrospectionProviderOfStockIsReplaced() {
        List<String> ours = new ArrayList<>();
        List<String> stock = new ArrayList<>();
        for (TokenIntrospectionProviderFactory factory : ServiceLoader.load(TokenIntrospectionProviderFactory.class)) {
            (factory.getClass().getName().startsWith("org.fapipack.") ? ours : stock).add(factory.getId());
        }
        assertThat(stock).isNotEmpty();
        assertThat(ours).containsExactlyInAnyOrderElementsOf(stock);
    }

    @Test
    void idsOfExecutorsAreUnique() {
        assertThat(executors().map(ProviderFactory::getId)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("executors")
    void theProviderAnswersWithItsFactorysId(ClientPolicyExecutorProviderFactory factory) {
        ClientPolicyExecutorProvider<?> provider = factory.create(null);
        assertThat(provider.getProviderId()).isEqualTo(factory.getId());
    }

    @ParameterizedTest
    @MethodSource("executors")
    void anAdministratorFindsHelp(ClientPolicyExecutorProviderFactory factory) {
        assertThat(factory.getHelpText()).isNotBlank().endsWith(".").doesNotContain("\n");
        for (ProviderConfigProperty setting : factory.getConfigProperties()) {
            assertThat(setting.getName()).matches("[a-z]+(-[a-z]+)*");
            assertThat(setting.getLabel()).isNotBlank();
            assertThat(setting.getHelpText()).isNotBlank().endsWith(".");
            assertThat(setting.getDefaultValue())
                    .as("%s has a default", setting.getName())
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("executors")
    void theDefaultsAreValidAndAnUnknownSettingIsNot(ClientPolicyExecutorProviderFactory factory) throws Exception {
        ClientPolicyExecutorProvider<?> provider = factory.create(null);
        Constructor<?> constructor = provider.getExecutorConfigurationClass().getDeclaredConstructor();
        constructor.setAccessible(true);
        ClientPolicyExecutorConfigurationRepresentation configuration =
                (ClientPolicyExecutorConfigurationRepresentation) constructor.newInstance();
        for (ProviderConfigProperty setting : factory.getConfigProperties()) {
            configuration.setConfigAsMap(setting.getName(), setting.getDefaultValue());
        }
        assertThat(configuration.validateConfig())
                .as("defaults as shown in the admin console")
                .isTrue();
        configuration.setConfigAsMap("misspelt", "true");
        assertThat(configuration.validateConfig()).as("an unknown setting").isFalse();
    }
}
