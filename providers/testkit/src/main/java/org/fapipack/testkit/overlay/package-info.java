/** The parties that a realm template leaves out, because they have keys: clients, resource servers, customers. */
package org.fapipack.testkit.overlay;
