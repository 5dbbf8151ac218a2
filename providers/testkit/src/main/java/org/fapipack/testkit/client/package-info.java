/** A FAPI 2.0 client under the control of a test: correct unless told otherwise, and every message can be spoilt. */
package org.fapipack.testkit.client;
