/** Tokens that say which consent they are for, and end with it. */
package org.fapipack.consent.token;
