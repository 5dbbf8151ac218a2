/** {@code x-fapi-interaction-id}: one id for what a client and this server have written down about the same request. */
package org.fapipack.interactionid;
