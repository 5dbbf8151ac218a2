package org.fapipack.arquillian;

import org.fapipack.testkit.server.KeycloakServer;
import org.fapipack.testkit.tls.TestPki;

/**
 * The Keycloak that runs the deployment: {@code @ArquillianResource DeployedKeycloak keycloak}.
 *
 * @param server its address and its first administrator
 * @param pki whom to trust: {@code pki.sslContext()}; client certificates come from {@code pki.issue(...)}
 */
public record DeployedKeycloak(KeycloakServer server, TestPki pki) {}
