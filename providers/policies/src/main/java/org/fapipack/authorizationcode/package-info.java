/** Authorization codes: good for a short time, whatever the realm says, and only used up by the client they were issued to. */
package org.fapipack.authorizationcode;
