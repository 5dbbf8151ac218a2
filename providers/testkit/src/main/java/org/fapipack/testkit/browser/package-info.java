/** The customer's browser, scripted and without JavaScript. */
package org.fapipack.testkit.browser;
