package org.fapipack.arquillian;

import java.lang.annotation.Annotation;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.core.api.Instance;
import org.jboss.arquillian.core.api.annotation.Inject;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.arquillian.test.spi.enricher.resource.ResourceProvider;

/** Gives a test its {@link DeployedKeycloak}. The address alone, as {@code URL} or {@code URI}, comes from Arquillian itself. */
final class KeycloakResourceProvider implements ResourceProvider {

    @Inject
    private Instance<ProtocolMetaData> deployment;

    @Override
    public boolean canProvide(Class<?> type) {
        return type == DeployedKeycloak.class;
    }

    @Override
    public Object lookup(ArquillianResource resource, Annotation... qualifiers) {
        ProtocolMetaData metaData = deployment.get();
        // Null makes Arquillian say that there is none.
        return metaData != null && metaData.hasContext(DeployedKeycloak.class)
                ? metaData.getContexts(DeployedKeycloak.class).iterator().next()
                : null;
    }
}
