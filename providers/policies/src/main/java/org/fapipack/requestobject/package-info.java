/** Signed request objects (RFC 9101), demanded and fully checked when they are pushed (FAPI 2.0 Message Signing 5.3.1). */
package org.fapipack.requestobject;
