package org.fapipack.httpsignatures.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Ways to sign a request badly, each with one defect, by the name of the defect. A server that takes one of them does not verify that. */
final class Defects {

    private static final byte[] CONTENT = "{\"kit\":1}".getBytes(UTF_8);

    private final RequestDraft good;
    private final PlainKey key;
    private final Instant now;
    private final Map<String, Attempt> attempts = new LinkedHashMap<>();

    /** A request with its defect, and the key to sign it with. */
    record Attempt(RequestDraft request, PlainKey key, Instant created) {

        /** The header lines to send. */
        List<Map.Entry<String, String>> lines() {
            return request.signed(key, created);
        }
    }

    private Defects(RequestDraft good, PlainKey key, Instant now) {
        this.good = good;
        this.key = key;
        this.now = now;
    }

    /** All of them for a good request, in their order. */
    static Map<String, Attempt> of(RequestDraft good, PlainKey key, Instant now) {
        Defects defects = new Defects(good, key, now);
        defects.fields();
        defects.parameters();
        defects.coverage();
        defects.components();
        defects.keys();
        defects.signatures();
        defects.content();
        return defects.attempts;
    }

    private void add(String name, RequestDraft request) {
        attempts.put(name, new Attempt(request, key, now));
    }

    private void fields() {
        add("no-signature", good.afterwards(without("Signature", "Signature-Input")));
        add("signature-stripped", good.afterwards(without("Signature")));
        add("signature-input-stripped", good.afterwards(without("Signature-Input")));
        add("labels-differ", good.afterwards(replacing("Signature", value -> value.replaceFirst("^sig1", "sig2"))));
        add(
                "signature-input-malformed",
                good.afterwards(replacing("Signature-Input", value -> value.replace("(", ""))));
        add("signature-no-byte-sequence", good.afterwards(replacing("Signature", value -> value.replace(":", "\""))));
        add("label-twice", good.afterwards(replacing("Signature-Input", value -> value + ", " + value)));
        add("authorization-of-another-request", changing("Authorization", value -> value + "x"));
    }

    private void parameters() {
        String created = ";created=" + now.getEpochSecond();
        String keyId = ";keyid=\"" + key.keyId() + "\"";
        String tag = ";tag=\"fapi-2-request\"";
        add("tag-missing", good.parameters(created + keyId));
        add("tag-of-a-response", good.parameters(created + keyId + ";tag=\"fapi-2-response\""));
        add("tag-in-other-case", good.parameters(created + keyId + ";tag=\"FAPI-2-request\""));
        add("tag-as-token", good.parameters(created + keyId + ";tag=fapi-2-request"));
        add("created-missing", good.parameters(keyId + tag));
        add("created-as-string", good.parameters(";created=\"" + now.getEpochSecond() + "\"" + keyId + tag));
        add("created-as-decimal", good.parameters(created + ".0" + keyId + tag));
        add("created-two-minutes-ago", good.parameters(RequestDraft.parameters(key.keyId(), now.minusSeconds(120))));
        add("created-two-minutes-ahead", good.parameters(RequestDraft.parameters(key.keyId(), now.plusSeconds(120))));
        add("expires-past", good.parameters(created + ";expires=" + (now.getEpochSecond() - 1) + keyId + tag));
        add("alg-of-another-key", good.parameters(created + keyId + ";alg=\"" + otherAlgorithm() + "\"" + tag));
        add("alg-hmac", good.parameters(created + keyId + ";alg=\"hmac-sha256\"" + tag));
        add("alg-unregistered", good.parameters(created + keyId + ";alg=\"" + key.algorithm() + "\"" + tag));
    }

    private void coverage() {
        for (String component : good.demanded()) {
            List<String> others = new ArrayList<>(good.demanded());
            others.remove(component);
            add(component.replace("\"", "").replace("@", "") + "-not-covered", good.covering(others));
        }
        add("nothing-covered", good.covering(List.of()));
        List<String> parts = new ArrayList<>(good.demanded());
        parts.set(parts.indexOf("\"@target-uri\""), "\"@path\"");
        parts.add("\"@query\"");
        add("path-and-query-instead-of-target-uri", good.covering(parts));
    }

    private void components() {
        add("component-twice", good.covering(with("\"@method\"")));
        add("component-in-upper-case", good.header("X-Kit", "1").covering(with("\"X-Kit\"")));
        add("component-unknown", good.covering(with("\"@kit\"")));
        add("component-absent", good.covering(with("\"x-kit-absent\"")));
        add("component-of-a-response", good.covering(with("\"@status\"")));
        add("component-with-req", good.header("X-Kit", "1").covering(with("\"x-kit\";req")));
    }

    private void keys() {
        PlainKey other = PlainKey.generate(key.keyId(), key.algorithm());
        attempts.put("key-of-somebody-else", new Attempt(good, other, now));
        attempts.put("key-unknown", new Attempt(good, other.named("kit-unknown-key"), now));
    }

    private void signatures() {
        add("method-changed", good.signedMethod(good.method().equals("GET") ? "PUT" : "GET"));
        add("method-in-lower-case", good.signedMethod(good.method().toLowerCase(Locale.ROOT)));
        add(
                "target-uri-changed",
                good.signedTargetUri(good.targetUri() + (good.targetUri().contains("?") ? "&" : "?") + "kit=1"));
        add("host-changed", good.signedTargetUri(good.targetUri().replaceFirst("://", "://kit.")));
        add("signature-of-zeros", good.signing((signer, base) -> new byte[signer.sign(base).length]));
        add("signature-empty", good.signing((signer, base) -> new byte[0]));
        add("signature-one-octet-short", good.signing((signer, base) -> {
            byte[] octets = signer.sign(base);
            return Arrays.copyOf(octets, octets.length - 1);
        }));
        add("signature-one-bit-changed", good.signing((signer, base) -> {
            byte[] octets = signer.sign(base);
            octets[octets.length / 2] = (byte) (octets[octets.length / 2] ^ 1);
            return octets;
        }));
        if (key.algorithm().equals("ES256")) {
            add("signature-in-der", good.signing(PlainKey::signInDer));
        }
    }

    private void content() {
        RequestDraft request = good.body().length > 0
                ? good
                : good.header("Content-Type", "application/json").body(CONTENT);
        List<String> covered = request.demanded();
        covered.remove("\"content-digest\"");
        add("content-digest-missing", request.digest("").covering(covered));
        add("content-digest-not-covered", request.covering(covered));
        byte[] other = request.body().clone();
        other[other.length - 1] = (byte) (other[other.length - 1] ^ 1);
        add("content-changed", request.digest(RequestDraft.sha256(other)));
        add("content-digest-deprecated", request.digest(digest("md5", "MD5", request.body())));
        add("content-digest-malformed", request.digest("sha-256=\"" + RequestDraft.sha256(request.body()) + "\""));
        add(
                "one-of-two-digests-wrong",
                request.digest(RequestDraft.sha256(request.body()) + ", " + digest("sha-512", "SHA-512", other)));
    }

    private static String digest(String name, String jdkName, byte[] octets) {
        return name + "=:" + Base64.getEncoder().encodeToString(RequestDraft.hash(jdkName, octets)) + ":";
    }

    private List<String> with(String component) {
        List<String> more = new ArrayList<>(good.demanded());
        more.add(component);
        return more;
    }

    private String otherAlgorithm() {
        return key.algorithm().equals("ES256") ? "ed25519" : "ecdsa-p256-sha256";
    }

    /** Signs another value of a header than the one that is sent. */
    private RequestDraft changing(String name, UnaryOperator<String> change) {
        String sent = good.header(name);
        return good.replacing(name, change.apply(sent)).afterwards(replacing(name, value -> sent));
    }

    private static UnaryOperator<List<Map.Entry<String, String>>> without(String... names) {
        return lines -> lines.stream()
                .filter(line -> !List.of(names).contains(line.getKey()))
                .toList();
    }

    private static UnaryOperator<List<Map.Entry<String, String>>> replacing(String name, UnaryOperator<String> change) {
        return lines -> lines.stream()
                .map(line ->
                        line.getKey().equals(name) ? Map.entry(line.getKey(), change.apply(line.getValue())) : line)
                .toList();
    }
}
