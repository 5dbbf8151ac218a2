/**
 * Dynamic client registration and management (RFC 7591, RFC 7592) in realms that use the executor {@code fapi-client-metadata}: metadata that
 * nobody here knows are ignored, what is known is kept and answered, and every refusal has the specification's error code.
 */
package org.fapipack.clientmetadata.registration;
