/** A servlet filter that verifies requests and signs answers, for any container of Jakarta Servlet 6. */
package org.fapipack.httpsignatures.servlet;
