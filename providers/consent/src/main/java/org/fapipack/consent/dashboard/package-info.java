/**
 * The page on which signed-in customers see what they agreed to, and take it back. Works without JavaScript, in the realm's login theme. It is
 * there in realms that use {@code fapi-consent} and have an enabled client {@code fapi-my-consents}, through which customers sign in.
 */
package org.fapipack.consent.dashboard;
