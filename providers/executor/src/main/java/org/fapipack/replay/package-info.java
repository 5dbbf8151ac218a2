/** What may be used once only: remembered by Keycloak's single-use store, so on all nodes, and for as long as it could be used again. */
package org.fapipack.replay;
