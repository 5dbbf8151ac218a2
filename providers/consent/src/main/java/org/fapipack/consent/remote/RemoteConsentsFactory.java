package org.fapipack.consent.remote;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fapipack.consent.ConsentDeliveries;
import org.fapipack.consent.ConsentSource;
import org.fapipack.consent.ConsentSourceFactory;
import org.fapipack.consent.remote.StoreConnections.ClientKey;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * Makes {@link RemoteConsents}. The key to show to stores is set where Keycloak's own client has its key, in the options of the server, so that it
 * is in no realm and no export: {@code --spi-consent-source--fapi-consent-store--client-keystore} and {@code --...--client-keystore-password}.
 */
public final class RemoteConsentsFactory implements ConsentSourceFactory {

    private static final String KEYSTORE = "client-keystore";
    private static final String PASSWORD = "client-keystore-password";
    private static final String DELIVERY_INTERVAL = "delivery-interval-seconds";
    private static final int DEFAULT_DELIVERY_INTERVAL = 30;
    private static final int MAX_DELIVERY_INTERVAL = 3600;

    private StoreConnections connections = new StoreConnections(Optional.empty());
    private Duration deliveryInterval = Duration.ofSeconds(DEFAULT_DELIVERY_INTERVAL);

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
        int seconds = config.getInt(DELIVERY_INTERVAL, DEFAULT_DELIVERY_INTERVAL);
        if (seconds < 1 || seconds > MAX_DELIVERY_INTERVAL) {
            throw new IllegalArgumentException(
                    "%s must be from 1 to %d".formatted(DELIVERY_INTERVAL, MAX_DELIVERY_INTERVAL));
        }
        deliveryInterval = Duration.ofSeconds(seconds);
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
                .property()
                .name(DELIVERY_INTERVAL)
                .type("int")
                .defaultValue(DEFAULT_DELIVERY_INTERVAL)
                .helpText(
                        "How often it is looked whether a store has to be told that a consent is revoked, because it did not answer before. In seconds, 1 to 3600.")
                .add()
                .build();
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        factory.register(event -> {
            if (event instanceof PostMigrationEvent) {
                ConsentDeliveries.schedule(factory, deliveryInterval);
            }
        });
    }

    @Override
    public void close() {
        connections.close();
    }
}
