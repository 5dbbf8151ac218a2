/** Rules for calls that the server makes itself: which addresses it may reach, and when it stops trying. */
package org.fapipack.core.outgoing;
