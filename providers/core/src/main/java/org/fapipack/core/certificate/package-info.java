/** Names in X.509 certificates: when a subject, or one of its alternative names, is the registered one. */
package org.fapipack.core.certificate;
