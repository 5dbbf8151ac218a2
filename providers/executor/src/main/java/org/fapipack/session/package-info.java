/** Handing Keycloak's static code another session: the one seam where it reaches for something that no provider can replace. */
package org.fapipack.session;
