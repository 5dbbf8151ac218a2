/** The page on which a customer decides on a consent: a step of the browser flow. */
package org.fapipack.consent.page;
