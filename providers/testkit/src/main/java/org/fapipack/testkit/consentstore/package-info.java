/** The other side of {@code docs/openapi/consent-store.yaml} in small: a bank's system that keeps consents, with its own idea of a signed call. */
package org.fapipack.testkit.consentstore;
