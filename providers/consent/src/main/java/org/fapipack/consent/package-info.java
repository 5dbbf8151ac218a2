/** Consents of customers: kept in Keycloak's database, lodged, read and revoked by clients. What differs between ecosystems is data. */
package org.fapipack.consent;
