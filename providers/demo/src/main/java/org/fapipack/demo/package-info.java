/**
 * Command one: the whole FAPI 2.0 Message Signing flow on a laptop, step by step.
 *
 * <p>Four parties talk over https on loopback: a client, a browser, a protected API in a process of its own, and a stock
 * Keycloak with the pack's JAR in its providers folder. The demo prints what each of them sends.
 */
package org.fapipack.demo;
