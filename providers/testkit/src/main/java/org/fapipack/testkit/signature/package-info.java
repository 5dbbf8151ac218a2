/** A second implementation of signing HTTP messages: shares no code with the library that it is there to test. */
package org.fapipack.testkit.signature;
