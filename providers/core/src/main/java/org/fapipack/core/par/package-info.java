/** What the form of a pushed authorization request (RFC 9126) may hold. */
package org.fapipack.core.par;
