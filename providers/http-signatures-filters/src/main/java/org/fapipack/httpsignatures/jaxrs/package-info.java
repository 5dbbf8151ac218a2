/** A JAX-RS feature that verifies requests and signs answers, for any implementation of Jakarta RESTful Web Services 3.1. */
package org.fapipack.httpsignatures.jaxrs;
