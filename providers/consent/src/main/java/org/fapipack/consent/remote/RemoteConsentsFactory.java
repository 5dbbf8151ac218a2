package org.fapipack.consent.remote;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.fapipack.consent.ConsentSource;
import org.fapipack.consent.ConsentSourceFactory;
import org.fapipack.consent.remote.StoreConnections.ClientKey;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * Makes {@link RemoteConsents}. The key to show to stores is set where Keycloak's own client has its key, in the options of the server, so that it
 * is in no realm and no export: {@code --spi-consent-source--fapi-consent-store--client-keystore} and {@code --...--client-keystore-password}.
 */
public final class RemoteConsentsFactory implements ConsentSourceFactory {

    private static final String KEYSTORE = "client-keystore";
    private static final String PASSWORD = "client-keystore-password";

    private StoreConnections connections = new StoreConnections(Optional.empty());

    @Override
    public ConsentSource create(KeycloakSession session) {
        return new RemoteConsents(session, connections);
    }

    @Override
    public String getId() {
        return ConsentStoreExecutorFactory.ID;
    }

    @Override
    public void init(Config.Scope config) {
        connections = new StoreConnections(Optional.ofNullable(config.get(KEYSTORE))
                .map(file -> new ClientKey(Path.of(file), config.get(PASSWORD, ""))));
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return ProviderConfigurationBuilder.create()
                .property()
                .name(KEYSTORE)
                .type("string")
                .helpText(
                        "The file with the key and certificate to show to consent stores: PKCS#12, or JKS if it ends in .jks.")
                .add()
                .property()
                .name(PASSWORD)
                .type("string")
                .secret(true)
                .helpText("The password of that file and of the key in it.")
                .add()
                .build();
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        // nothing to prepare
    }

    @Override
    public void close() {
        connections.close();
    }
}
