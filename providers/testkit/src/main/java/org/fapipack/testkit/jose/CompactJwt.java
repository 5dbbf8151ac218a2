package org.fapipack.testkit.jose;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.fapipack.testkit.http.Json;

/**
 * A signed JWT, taken apart but not yet believed: whoever parsed it must call {@link #isSignedBy} before reading claims.
 *
 * @param header the JOSE header; a duplicate member was refused
 * @param payload the second part as text, because only a verified one is worth parsing
 */
public record CompactJwt(Map<String, Object> header, String payload, String signingInput, Base64URL signature) {

    /**
     * Splits the compact form.
     *
     * @throws IllegalArgumentException unless there are three base64url parts and the first is a JSON object
     */
    public static CompactJwt parse(String compact) {
        String[] parts = compact.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a signed JWT has 3 parts, this has " + parts.length);
        }
        return new CompactJwt(
                Json.object(text(parts[0])), text(parts[1]), parts[0] + "." + parts[1], strictBase64Url(parts[2]));
    }

    /** The payload as claims; only for display and for callers that verified the signature. */
    public Map<String, Object> claims() {
        return Json.object(payload);
    }

    public Optional<String> headerText(String name) {
        return header.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    public boolean isSignedBy(JWK key, JWSAlgorithm algorithm) {
        return Signatures.verify(key, algorithm, signingInput.getBytes(US_ASCII), signature.decode());
    }

    /** Parts of a token never belong into a log as a whole. */
    @Override
    public String toString() {
        return "CompactJwt[" + header.get("typ") + ", " + header.get("alg") + "]";
    }

    private static String text(String base64Url) {
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(strictBase64Url(base64Url).decode()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a part of the JWT is not UTF-8", e);
        }
    }

    /** Nimbus skips characters that are no base64url; the JDK refuses them, and so does RFC 7515. */
    private static Base64URL strictBase64Url(String text) {
        return Base64URL.encode(Base64.getUrlDecoder().decode(text));
    }
}
