/** Malformed requests by the thousand: whatever a stranger sends, the server answers as a server that understood that it cannot understand. */
package org.fapipack.fuzz;
