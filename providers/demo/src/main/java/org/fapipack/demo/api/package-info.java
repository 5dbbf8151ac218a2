/**
 * The protected API of the demo as a program of its own, configured by environment variables.
 *
 * <p>It shares nothing with Keycloak and the client but addresses, its own key and a certificate authority.
 */
package org.fapipack.demo.api;
