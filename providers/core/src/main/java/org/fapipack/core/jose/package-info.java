/** Which JOSE algorithms (RFC 7518, RFC 8037) the FAPI profiles allow. */
package org.fapipack.core.jose;
