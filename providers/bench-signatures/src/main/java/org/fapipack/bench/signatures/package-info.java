/** JMH measurements of the signature library. */
package org.fapipack.bench.signatures;
