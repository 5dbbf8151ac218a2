package org.fapipack.testkit.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What a client remembers between its authorization request and the answer. */
public record PendingAuthorization(String state, String nonce, String codeVerifier, URI redirectUri) {

    static PendingAuthorization to(URI redirectUri) {
        return new PendingAuthorization(
                RandomText.ofOctets(24), RandomText.ofOctets(24), RandomText.ofOctets(32), redirectUri);
    }

    /** PKCE with S256. */
    public String codeChallenge() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(codeVerifier.getBytes(US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public PendingAuthorization withCodeVerifier(String other) {
        return new PendingAuthorization(state, nonce, other, redirectUri);
    }

    public PendingAuthorization withState(String other) {
        return new PendingAuthorization(other, nonce, codeVerifier, redirectUri);
    }

    @Override
    public String toString() {
        return "PendingAuthorization[" + state + "]";
    }
}
