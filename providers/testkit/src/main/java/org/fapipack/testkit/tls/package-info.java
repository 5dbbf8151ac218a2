/** Throwaway certificates: a test CA, the server's certificate, any number of client certificates. */
package org.fapipack.testkit.tls;
