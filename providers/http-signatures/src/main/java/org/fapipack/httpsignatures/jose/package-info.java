/**
 * Signing and verifying octets with Nimbus JOSE+JWT. The rest of the library does not need this package: a server with crypto of its own
 * implements {@link org.fapipack.httpsignatures.MessageSigner} and {@link org.fapipack.httpsignatures.MessageVerifier} and leaves Nimbus out.
 */
package org.fapipack.httpsignatures.jose;
