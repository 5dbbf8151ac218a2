/**
 * JOSE on the other side: keys, signatures and tokens made with Nimbus, so that no bug of the server's own code hides on
 * both sides. Everything here can also be made wrong on purpose, because most tests send something wrong.
 */
package org.fapipack.testkit.jose;
