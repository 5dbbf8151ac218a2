/** What a client may register: algorithms, keys and switches that FAPI forbids are refused when a client is saved, and again when it comes. */
package org.fapipack.clientmetadata;
