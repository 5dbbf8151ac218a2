/** How long access tokens live: inside the window that an ecosystem allows, whatever the realm, the client or a session says. */
package org.fapipack.tokenlifetime;
