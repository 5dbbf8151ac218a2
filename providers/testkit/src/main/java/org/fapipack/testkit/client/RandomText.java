package org.fapipack.testkit.client;

import java.security.SecureRandom;
import java.util.Base64;

/** Random octets as base64url text. */
public final class RandomText {

    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomText() {}

    public static String ofOctets(int count) {
        byte[] octets = new byte[count];
        RANDOM.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
