package org.fapipack.testkit.jose;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fapipack.testkit.http.Json;

/**
 * A JWT in the making. Immutable: every change gives a new draft, so a test can start from a correct one and spoil exactly
 * one thing.
 *
 * <p>The header is only text here: changing {@code alg} after {@link #signedBy} makes the header lie about the signature,
 * which is what some tests are about.
 */
public final class JwtDraft {

    /** Makes the third part of the compact form out of the first two. */
    private interface Signer {
        byte[] sign(byte[] input);
    }

    private static final Signer NO_SIGNATURE = input -> new byte[0];

    private final Map<String, Object> header;
    private final Map<String, Object> claims;
    private final String payload;
    private final Signer signer;

    private JwtDraft(Map<String, Object> header, Map<String, Object> claims, String payload, Signer signer) {
        this.header = Collections.unmodifiableMap(new LinkedHashMap<>(header));
        this.claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
        this.payload = payload;
        this.signer = signer;
    }

    /** No claims, {@code alg} none. */
    public static JwtDraft empty() {
        return new JwtDraft(Map.of("alg", "none"), Map.of(), null, NO_SIGNATURE);
    }

    /** Adds or replaces a header parameter. */
    public JwtDraft header(String name, Object value) {
        return new JwtDraft(with(header, name, value), claims, payload, signer);
    }

    public JwtDraft withoutHeader(String name) {
        return new JwtDraft(without(header, name), claims, payload, signer);
    }

    /** Adds or replaces a claim. An {@link Instant} becomes whole epoch seconds; null stays JSON null. */
    public JwtDraft claim(String name, Object value) {
        return new JwtDraft(
                header,
                with(claims, name, value instanceof Instant time ? time.getEpochSecond() : value),
                payload,
                signer);
    }

    public JwtDraft withoutClaim(String name) {
        return new JwtDraft(header, without(claims, name), payload, signer);
    }

    /** Sends exactly this text as payload, for example one with a duplicate member. The claims no longer count. */
    public JwtDraft payload(String text) {
        return new JwtDraft(header, claims, text, signer);
    }

    /** Signs with this key and sets {@code alg} and {@code kid} accordingly. */
    public JwtDraft signedBy(SigningKey key) {
        Map<String, Object> signed = with(header, "alg", key.algorithm().getName());
        if (key.keyId() != null) {
            signed.put("kid", key.keyId());
        }
        return new JwtDraft(signed, claims, payload, key::sign);
    }

    /** Signs with this key, but leaves the header as it is. */
    public JwtDraft secretlySignedBy(SigningKey key) {
        return new JwtDraft(header, claims, payload, key::sign);
    }

    /** HMAC with SHA-256 over the secret; sets {@code alg} to HS256. */
    public JwtDraft signedWithSecret(byte[] secret) {
        SecretKeySpec key = new SecretKeySpec(secret, "HmacSHA256");
        return new JwtDraft(with(header, "alg", "HS256"), claims, payload, input -> hmac(key, input));
    }

    /** {@code alg} none and an empty signature. */
    public JwtDraft unsigned() {
        return new JwtDraft(with(header, "alg", "none"), claims, payload, NO_SIGNATURE);
    }

    /** Flips one bit of whatever signature would come out. */
    public JwtDraft withBrokenSignature() {
        Signer intact = signer;
        return new JwtDraft(header, claims, payload, input -> {
            byte[] signature = intact.sign(input);
            signature[signature.length / 2] ^= 1;
            return signature;
        });
    }

    public Map<String, Object> headers() {
        return header;
    }

    public Map<String, Object> claims() {
        return claims;
    }

    /** The compact serialisation. Each call signs anew. */
    public String compact() {
        String input = base64Url(Json.write(header).getBytes(UTF_8))
                + "."
                + base64Url((payload == null ? Json.write(claims) : payload).getBytes(UTF_8));
        return input + "." + base64Url(signer.sign(input.getBytes(UTF_8)));
    }

    /** Nested JWT: the signed compact form, encrypted to an RSA or EC key, {@code cty} JWT. */
    public String encryptedTo(JWK recipient, JWEAlgorithm algorithm, EncryptionMethod method) {
        return encrypt(compact(), "JWT", recipient, algorithm, method);
    }

    /** JWE around the bare claims: encrypted, not signed. */
    public String onlyEncryptedTo(JWK recipient, JWEAlgorithm algorithm, EncryptionMethod method) {
        return encrypt(payload == null ? Json.write(claims) : payload, null, recipient, algorithm, method);
    }

    private static String encrypt(
            String plaintext, String contentType, JWK recipient, JWEAlgorithm algorithm, EncryptionMethod method) {
        JWEObject jwe = new JWEObject(
                new JWEHeader.Builder(algorithm, method)
                        .keyID(recipient.getKeyID())
                        .contentType(contentType)
                        .build(),
                new Payload(plaintext));
        try {
            JWEEncrypter encrypter = recipient instanceof ECKey ec
                    ? new ECDHEncrypter(ec.toPublicJWK())
                    : new RSAEncrypter(recipient.toRSAKey().toPublicJWK());
            jwe.encrypt(encrypter);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("cannot encrypt with " + algorithm + " and " + method, e);
        }
        return jwe.serialize();
    }

    private static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(map);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, Object> without(Map<String, Object> map, String name) {
        Map<String, Object> changed = new LinkedHashMap<>(map);
        changed.remove(name);
        return changed;
    }

    private static byte[] hmac(SecretKeySpec key, byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64Url(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
