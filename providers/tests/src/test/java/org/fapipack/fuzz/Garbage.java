package org.fapipack.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.fapipack.testkit.jose.SigningKey;

/** What nobody sends by mistake, and what somebody does. */
final class Garbage {

    private static final int DEEP = 100;

    /** Beyond what Jackson reads. */
    private static final int ABYSS = 3000;

    private static final List<String> MEMBERS =
            List.of("kty", "crv", "x", "y", "n", "e", "d", "p", "k", "alg", "use", "kid", "key_ops", "x5c");

    private static final List<SigningKey> KEYS =
            List.of(SigningKey.generate(JWSAlgorithm.ES256), SigningKey.generate(JWSAlgorithm.PS256));

    private Garbage() {}

    /** Text of any characters. */
    static Arbitrary<String> text() {
        return Arbitraries.oneOf(
                Arbitraries.strings().all().ofMaxLength(40),
                Arbitraries.strings().ascii().ofMaxLength(40),
                Arbitraries.of(
                        "",
                        " ",
                        "\0",
                        "a\0b",
                        "\r\n",
                        "\u001b[31m",
                        "\u202e",
                        "\ufffe",
                        "null",
                        "undefined",
                        "-1",
                        "1e999",
                        "true",
                        "[]",
                        "{}",
                        "..",
                        "../../../../etc/passwd",
                        "%00",
                        "%zz",
                        "${jndi:ldap://x}",
                        "' OR 1=1 --",
                        "<script>",
                        "{{7*7}}",
                        "http://",
                        "http://[",
                        "https://client.example.test/%zz",
                        "urn:",
                        "urn:ietf:params:oauth:request_uri:",
                        "urn:ietf:params:oauth:request_uri:x",
                        "openid openid",
                        "a.b.c",
                        "..",
                        "....",
                        "e30.e30.",
                        "none"),
                Arbitraries.integers().between(1, 5000).map("x"::repeat),
                Arbitraries.of(65_536, 140_000).map("y"::repeat));
    }

    /** Anything JSON can say, of any type. */
    static Arbitrary<Object> json() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        true,
                        0,
                        -1,
                        Integer.MAX_VALUE + 1L,
                        Long.MAX_VALUE,
                        Long.MIN_VALUE,
                        1.5,
                        1e300,
                        BigInteger.TEN.pow(400),
                        new BigDecimal("1e-9999"),
                        List.of(),
                        Arrays.asList((Object) null),
                        List.of("a", 1, List.of()),
                        Map.of(),
                        Map.of("a", Map.of("b", List.of(1))),
                        nested(DEEP),
                        members(500)),
                Arbitraries.just(Void.class).map(ignored -> null),
                jwk(),
                text().map(Object.class::cast));
    }

    private static Object nested(int depth) {
        Object value = 1;
        for (int i = 0; i < depth; i++) {
            value = i % 2 == 0 ? List.of(value) : Map.of("a", value);
        }
        return value;
    }

    private static Object members(int number) {
        Map<String, Object> object = new HashMap<>();
        for (int i = 0; i < number; i++) {
            object.put("m" + i, i);
        }
        return object;
    }

    /** A public key with something wrong about it. */
    static Arbitrary<Object> jwk() {
        Arbitrary<Object> wrong = Arbitraries.oneOf(
                Arbitraries.of(
                        "",
                        "A",
                        "AQ",
                        "AQAB",
                        "AAAA",
                        "-_-_",
                        "+/+/",
                        "====",
                        "f".repeat(10_000),
                        "EC",
                        "RSA",
                        "oct",
                        "OKP",
                        "XYZ",
                        "P-256",
                        "P-521",
                        "Ed25519",
                        "secp256k1",
                        "none",
                        1,
                        -1,
                        List.of(),
                        Map.of()),
                Arbitraries.just(Void.class).map(ignored -> null));
        return Arbitraries.of(KEYS)
                .flatMap(key -> Arbitraries.maps(Arbitraries.of(MEMBERS), wrong)
                        .ofMinSize(0)
                        .ofMaxSize(2)
                        .flatMap(spoilt -> Arbitraries.subsetOf(
                                        key.barePublicJwk().keySet())
                                .ofMaxSize(1)
                                .flatMap(removed -> Arbitraries.of(true, false, false)
                                        .map(isPrivate -> jwk(key, isPrivate, removed, spoilt)))));
    }

    private static Map<String, Object> jwk(
            SigningKey key, boolean isPrivate, Set<String> removed, Map<String, Object> spoilt) {
        Map<String, Object> jwk = new HashMap<>(isPrivate ? key.privateJwk().toJSONObject() : key.barePublicJwk());
        jwk.keySet().removeAll(removed);
        jwk.putAll(spoilt);
        return jwk;
    }

    /** Text that is nearly JSON, or too much of it; one character an octet. */
    static Arbitrary<String> nearlyJson() {
        return Arbitraries.of(
                "",
                " ",
                "null",
                "1",
                "-",
                "\"",
                "\"x\"",
                "[",
                "[]",
                "[{}]",
                "{",
                "{}",
                "{}{}",
                "{}x",
                "{\"a\":1,\"a\":2}",
                "{\"a\"}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":1e999999999}",
                "{\"a\":" + "9".repeat(5000) + "}",
                "{\"\":\"\"}",
                "{\"a\":\"\\ud800\"}",
                "{\"\\ud800\":1}",
                "{\"a\":\"\\u0000\"}",
                "{\"a\":\"\0\"}",
                "{\"a\":\"\u00ff\u00fe\"}",
                "\u00ef\u00bb\u00bf{}",
                "\u00ff\u00fe{\0}\0",
                "{\"a\":1}//",
                "{\"a\":" + "[".repeat(ABYSS) + "]".repeat(ABYSS) + "}",
                "{\"a\":".repeat(ABYSS) + "1" + "}".repeat(ABYSS),
                "[".repeat(ABYSS),
                "{\"" + "m".repeat(60_000) + "\":1}",
                "{\"a\":\"" + "v".repeat(60_000) + "\"}",
                "{\"a\":\"" + "v".repeat(200_000) + "\"}");
    }

    /** What a header line can carry through the client's own checks. */
    static Arbitrary<String> headerValue() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(40).map(String::strip),
                Arbitraries.strings().withCharRange('\u00a1', '\u00ff').ofMaxLength(10),
                Arbitraries.of(
                        "",
                        ",",
                        ";",
                        "=",
                        "\"",
                        ",,,",
                        "a,b",
                        "..",
                        "a.b.c",
                        "e30.e30.",
                        "e30.e30.e30",
                        "Bearer",
                        "Bearer a b",
                        "DPoP",
                        "Basic",
                        "Basic :",
                        "Basic ====",
                        "Basic Og==",
                        "Basic YQ==",
                        "Basic YTpi",
                        "Basic JXp6OiV6eg==",
                        "Basic /////w==",
                        "bearer x",
                        "Negotiate",
                        "Digest username=\"x\"",
                        "x".repeat(3000)));
    }

    /** Media types, as wrong as they come. */
    static Arbitrary<String> mediaType() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "",
                        "/",
                        "//",
                        "///",
                        "a",
                        "a/",
                        "/a",
                        "*",
                        "*/*",
                        "*/a",
                        ";",
                        "a/b;",
                        "a/b;=",
                        "a/b;q=x",
                        "a/b;q=-1",
                        "a/b;q=9",
                        "text/html",
                        "text/plain",
                        "application/xml",
                        "application/json",
                        "application/json; charset=nope",
                        "application/json; charset=utf-16",
                        "application/jwt",
                        "application/token-introspection+jwt",
                        "application/token-introspection+jwt;q=x",
                        "application/x-www-form-urlencoded",
                        "APPLICATION/X-WWW-FORM-URLENCODED",
                        "application/x-www-form-urlencoded; charset=nope",
                        "application/x-www-form-urlencoded; charset=\"",
                        "application/x-www-form-urlencoded; charset=",
                        "application/x-www-form-urlencoded; charset=utf-16",
                        "application/x-www-form-urlencoded; charset=iso-8859-1",
                        "application/x-www-form-urlencoded;;;",
                        "application/x-www-form-urlencodedx",
                        "application/x-www-form-urlencoded, text/plain",
                        "multipart/form-data",
                        "multipart/form-data; boundary=",
                        "multipart/form-data; boundary=x",
                        "multipart/form-data; boundary=x; charset=nope",
                        "multipart/mixed; boundary=x"),
                headerValue());
    }

    /** Form bodies that break the rules of forms; one character an octet. */
    static Arbitrary<String> formBody(String correct) {
        return Arbitraries.oneOf(
                Arbitraries.of(
                                "",
                                "&",
                                "=",
                                "&&==&&",
                                "=x",
                                "token",
                                "token=%",
                                "token=%z",
                                "token=%zz",
                                "%zz=token",
                                "token=%e2%82",
                                "token=%ff%fe",
                                "token=\u00ff\u00fe",
                                "\u00ff=\u00fe",
                                "token=%ed%a0%80",
                                "token=%00",
                                "%00=%00",
                                "\0=\0",
                                "token=+%2",
                                "client_id=%zz",
                                "a=" + "%41".repeat(50_000),
                                "a=" + "x".repeat(140_000),
                                "b".repeat(140_000) + "=1",
                                "a=1&".repeat(999),
                                "a=1&".repeat(1500),
                                numbered(1500),
                                "--x\r\n",
                                "--x--\r\n",
                                "--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n",
                                "--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nv\r\n--x--\r\n",
                                "--x\r\nContent-Disposition: form-data; name=\"client_id\"; filename=\"f\"\r\n\r\nv\r\n--x--\r\n",
                                "--x\r\nContent-Disposition: form-data; name=\"token\"; filename=\"f\"\r\n\r\nv\r\n--x--\r\n",
                                "--x\r\nContent-Type: ///\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nv\r\n--x--\r\n")
                        .flatMap(wrong -> Arbitraries.of(wrong, correct + "&" + wrong, wrong + "&" + correct)),
                Arbitraries.integers()
                        .between(0, Math.max(0, correct.length() - 1))
                        .map(end -> correct.substring(0, end)),
                Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(60),
                nearlyJson());
    }

    private static String numbered(int parameters) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < parameters; i++) {
            pairs.add("p" + i + "=" + i);
        }
        return String.join("&", pairs);
    }

    /** The octets of the text in UTF-8, one character each. */
    static String octets(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}
