/**
 * What token introspection, code flows and client credentials cost with the pack, beside a stock Keycloak in the same run.
 *
 * <p>A closed loop of a few threads asks one server at a time. Windows of the variants take turns and are compared within
 * their round, so that whatever else the machine does meets all of them.
 */
package org.fapipack.bench;
