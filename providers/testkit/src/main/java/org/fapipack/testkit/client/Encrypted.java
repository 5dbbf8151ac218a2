package org.fapipack.testkit.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import java.text.ParseException;

/** What the issuer encrypts to a client. */
final class Encrypted {

    private Encrypted() {}

    /**
     * Gives what is inside.
     *
     * @throws IllegalArgumentException when it is no JWE, or not for this key
     */
    static String open(String compact, JWK key) {
        try {
            JWEObject jwe = JWEObject.parse(compact);
            jwe.decrypt(key instanceof ECKey ec ? new ECDHDecrypter(ec) : new RSADecrypter(key.toRSAKey()));
            return jwe.getPayload().toString();
        } catch (ParseException | JOSEException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
