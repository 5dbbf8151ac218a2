/**
 * A protected API as a program of its own: it knows the authorization server only by discovery, introspection and keys.
 *
 * <p>It asks for signed introspection responses (RFC 9701), verifies them strictly, and then enforces scope, audience and
 * sender constraint (RFC 9449, RFC 8705) itself.
 */
package org.fapipack.testkit.resource;
