/** Plain HTTP: what is sent, what comes back, and nothing hidden in between. */
package org.fapipack.testkit.http;
