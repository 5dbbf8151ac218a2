/** JMH measurements of the signature library and of its servlet filter. */
package org.fapipack.bench.signatures;
