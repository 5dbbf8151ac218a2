/** Consents: their states, who may change them, what a client may ask for. What is different from one ecosystem to the next is data. */
package org.fapipack.core.consent;
