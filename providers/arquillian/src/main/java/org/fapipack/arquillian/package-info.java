/**
 * A managed Arquillian container: a {@code @Deployment} becomes a provider JAR of a real Keycloak.
 *
 * <p>For suites that are written with Arquillian already. A new suite is better off with the launcher itself,
 * {@link org.fapipack.testkit.server.DistributionKeycloak}.
 */
package org.fapipack.arquillian;
