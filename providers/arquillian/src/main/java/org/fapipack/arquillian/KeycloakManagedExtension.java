package org.fapipack.arquillian;

import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.core.spi.LoadableExtension;
import org.jboss.arquillian.test.spi.enricher.resource.ResourceProvider;

/** What Arquillian finds on the class path. */
public final class KeycloakManagedExtension implements LoadableExtension {

    @Override
    public void register(ExtensionBuilder builder) {
        builder.service(DeployableContainer.class, KeycloakManagedContainer.class)
                .service(ResourceProvider.class, KeycloakResourceProvider.class);
    }
}
