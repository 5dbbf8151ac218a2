/**
 * HTTP message signatures at the resources that Keycloak serves itself: requests verified with the keys that the client registered, answers
 * signed with the realm's.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html">RFC 9421</a>, and FAPI 2.0 Http Signatures, draft 01
 */
package org.fapipack.messagesignature;
