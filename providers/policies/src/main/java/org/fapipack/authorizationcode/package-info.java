/** Authorization codes: good for a short time, whatever the realm says. */
package org.fapipack.authorizationcode;
