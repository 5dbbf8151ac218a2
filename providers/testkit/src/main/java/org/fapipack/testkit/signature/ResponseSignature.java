package org.fapipack.testkit.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.jose.JwkSets;

/**
 * The signature of an answer, after it was verified against the request as it was sent.
 *
 * @param components as they stand in {@code Signature-Input}, with quotes and parameters
 */
public record ResponseSignature(List<String> components, String keyId) {

    private static final Pattern MEMBER = Pattern.compile(
            "([a-z][a-z0-9_-]*)=(\\(([^)]*)\\);created=([0-9]+);keyid=\"([^\"]*)\";tag=\"fapi-2-response\")");
    private static final Pattern COMPONENT = Pattern.compile("\"([^\"]+)\"(;req)?");

    /** Slow machines, and clocks of two machines. */
    private static final Duration WINDOW = Duration.ofSeconds(90);

    /**
     * Verifies as a client must.
     *
     * @param keys the server's published keys
     * @throws AssertionError when the answer must not be believed
     */
    public static ResponseSignature verify(Exchange exchange, JWKSet keys) {
        Matcher input = MEMBER.matcher(single(exchange, "signature-input"));
        require(input.matches(), "Signature-Input is " + exchange.headers("signature-input"));
        Instant created = Instant.ofEpochSecond(Long.parseLong(input.group(4)));
        require(Duration.between(created, Instant.now()).abs().compareTo(WINDOW) < 0, "created is " + created);
        IndependentSigner message = message(exchange);
        List<String> components = new ArrayList<>();
        Matcher component = COMPONENT.matcher(input.group(3));
        while (component.find()) {
            components.add(component.group());
            message.cover(component.group().replace("\"", ""));
        }
        require(String.join(" ", components).equals(input.group(3)), "components are " + input.group(3));
        String base = message.parameters(created.getEpochSecond(), input.group(5), "fapi-2-response")
                .base();
        require(base.endsWith("\"@signature-params\": " + input.group(2)), "Signature-Input is " + input.group());
        String prefix = input.group(1) + "=:";
        String signature = single(exchange, "signature");
        require(signature.startsWith(prefix) && signature.endsWith(":"), "Signature is " + signature);
        JWK key = JwkSets.signingKey(keys, input.group(5))
                .orElseThrow(() -> new AssertionError("signed by an unknown key"));
        require(
                SignatureOctets.verify(
                        key,
                        base.getBytes(ISO_8859_1),
                        Base64.getDecoder().decode(signature.substring(prefix.length(), signature.length() - 1))),
                "the signature is wrong over\n" + base);
        checkCoverage(exchange, components);
        return new ResponseSignature(List.copyOf(components), key.getKeyID());
    }

    private static void checkCoverage(Exchange exchange, List<String> components) {
        List<String> required = new ArrayList<>(List.of("\"@status\"", "\"@method\";req", "\"@target-uri\";req"));
        if (!exchange.body().isEmpty()) {
            required.add("\"content-digest\"");
            require(
                    IndependentSigner.contentDigest(exchange.body().getBytes(UTF_8))
                            .equals(single(exchange, "content-digest")),
                    "Content-Digest is not of the body");
        }
        if (RequestDraft.has(exchange.requestHeaders(), "signature")) {
            required.add("\"signature\";req");
            required.add("\"signature-input\";req");
        }
        if (RequestDraft.has(exchange.requestHeaders(), "content-digest")) {
            required.add("\"content-digest\";req");
        }
        require(components.containsAll(required), "covered is only " + components);
    }

    private static IndependentSigner message(Exchange exchange) {
        IndependentSigner request =
                IndependentSigner.request(exchange.method(), exchange.uri().toString());
        exchange.requestHeaders().lines().forEach(line -> request.field(line.getKey(), line.getValue()));
        IndependentSigner response = IndependentSigner.response(exchange.status(), request);
        exchange.responseHeaders().forEach((name, values) -> values.forEach(value -> response.field(name, value)));
        return response;
    }

    private static String single(Exchange exchange, String name) {
        require(exchange.headers(name).size() == 1, exchange + " has as " + name + ": " + exchange.headers(name));
        return exchange.headers(name).get(0);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
