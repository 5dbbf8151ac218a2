package org.fapipack.arquillian;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Map;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.HttpCaller;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A suite as its users write it: the deployment and the shipped JAR in one server. */
@ExtendWith(ArquillianExtension.class)
class ManagedKeycloakIT {

    @ArquillianResource
    private URL url;

    @ArquillianResource
    private DeployedKeycloak keycloak;

    @Deployment(testable = false)
    static JavaArchive greeting() {
        return GreetingJar.withBeansXml();
    }

    @Test
    void aRealmResourceAnswersWhenItsJarHasBeansXml() {
        Exchange answer = HttpCaller.over(keycloak.pki().sslContext()).get(URI.create(url + "/realms/master/greeting"));

        assertThat(url).hasToString(keycloak.server().baseUri().toString()).hasProtocol("https");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("Hello from master");
    }

    @Test
    void theConfiguredJarIsThereToo() {
        AdminApi admin = new AdminApi(keycloak.server(), keycloak.pki());
        String realm = admin.createRealm(Map.of("realm", "configured", "enabled", true));

        assertThat(admin.trySetClientProfiles(realm, profileWith("fapi-jarm")).status())
                .isEqualTo(204);
        assertThat(admin.trySetClientProfiles(realm, profileWith("fapi-nothing"))
                        .status())
                .isEqualTo(400);
    }

    private static List<Map<String, Object>> profileWith(String executor) {
        return List.of(
                Map.of("name", "trial", "executors", List.of(Map.of("executor", executor, "configuration", Map.of()))));
    }
}
