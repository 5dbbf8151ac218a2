/**
 * A test kit for resource servers: sends requests that are signed well and badly, and reports which the server took. Its signer, the testkit's, is
 * written with {@code java.security} and strings only and shares no code with the library, so that the two check each other.
 */
package org.fapipack.httpsignatures.kit;
