/** The keys that clients registered for what they sign. */
package org.fapipack.clientkey;
