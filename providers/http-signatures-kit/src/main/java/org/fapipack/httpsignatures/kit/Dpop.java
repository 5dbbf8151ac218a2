package org.fapipack.httpsignatures.kit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Makes DPoP proofs (RFC 9449), each with an identifier of its own. */
final class Dpop {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final PlainKey key;

    /** What the server wants to see in the next proof, or null. */
    private String nonce;

    Dpop(PlainKey key) {
        this.key = key;
    }

    void nonce(String value) {
        nonce = value;
    }

    String proof(String method, URI url, String accessToken, Instant now) {
        Map<String, String> jwk = new TreeMap<>(key.jwk());
        jwk.remove("kid");
        jwk.remove("alg");
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("typ", "dpop+jwt");
        header.put("alg", key.algorithm());
        header.put("jwk", jwk);
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("htm", method);
        claims.put("htu", url.toString().replaceFirst("\\?.*", ""));
        claims.put("iat", now.getEpochSecond());
        claims.put("ath", BASE64URL.encodeToString(RequestDraft.hash("SHA-256", accessToken.getBytes(US_ASCII))));
        if (nonce != null) {
            claims.put("nonce", nonce);
        }
        String input = encoded(header) + "." + encoded(claims);
        return input + "." + BASE64URL.encodeToString(key.sign(input.getBytes(US_ASCII)));
    }

    private static String encoded(Map<String, Object> json) {
        return BASE64URL.encodeToString(JSONObjectUtils.toJSONString(json).getBytes(UTF_8));
    }
}
