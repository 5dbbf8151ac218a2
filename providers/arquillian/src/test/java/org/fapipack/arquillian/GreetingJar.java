package org.fapipack.arquillian;

import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** The test provider's JAR, packaged well and badly. */
final class GreetingJar {

    private GreetingJar() {}

    static JavaArchive withBeansXml() {
        return withoutBeansXml().addAsManifestResource(EmptyAsset.INSTANCE, "beans.xml");
    }

    static JavaArchive withoutBeansXml() {
        return ShrinkWrap.create(JavaArchive.class, "greeting.jar")
                .addClasses(GreetingResource.class, GreetingResourceFactory.class)
                .addAsServiceProvider(RealmResourceProviderFactory.class, GreetingResourceFactory.class);
    }
}
