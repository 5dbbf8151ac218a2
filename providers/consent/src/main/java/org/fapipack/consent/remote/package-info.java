/**
 * Consents that the operator keeps in a system of its own: a store that speaks {@code consent-store.yaml}, called through one guarded client, and
 * notices of it that a consent changed.
 */
package org.fapipack.consent.remote;
