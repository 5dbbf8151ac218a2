package org.fapipack.testkit.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.jose.SigningKey;

/**
 * A request to be signed as FAPI 2.0 Http Signatures wants it, or to be spoilt before or after that. Immutable.
 *
 * @param components what to cover, as they stand in {@code Signature-Input} but without quotes
 * @param parameters name to serialised value, in their order
 */
public record RequestDraft(
        String method,
        URI uri,
        Headers headers,
        String body,
        SigningKey key,
        List<String> components,
        Map<String, String> parameters) {

    public RequestDraft {
        components = List.copyOf(components);
    }

    /** A correct one: covers what the draft demands of these headers and this body, {@code created} now. */
    public static RequestDraft of(String method, URI uri, Headers headers, String body, SigningKey key) {
        List<String> components = new ArrayList<>(List.of("@method", "@target-uri", "authorization"));
        Headers sent = headers;
        if (has(headers, "dpop")) {
            components.add("dpop");
        }
        if (!body.isEmpty()) {
            sent = headers.add("Content-Digest", IndependentSigner.contentDigest(body.getBytes(UTF_8)));
            components.add("content-digest");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("created", Long.toString(Instant.now().getEpochSecond()));
        parameters.put("keyid", '"' + key.keyId() + '"');
        parameters.put("tag", "\"fapi-2-request\"");
        return new RequestDraft(method, uri, sent, body, key, components, parameters);
    }

    /** One parameter more, or another value, serialised; null takes it away. */
    public RequestDraft parameter(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(parameters);
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return new RequestDraft(method, uri, headers, body, key, components, changed);
    }

    /** {@code created} so many seconds ago. */
    public RequestDraft age(long seconds) {
        return parameter("created", Long.toString(Instant.now().getEpochSecond() - seconds));
    }

    /** The same, covering one component less. */
    public RequestDraft without(String component) {
        return covering(
                components.stream().filter(name -> !name.equals(component)).toList());
    }

    /** The same, covering exactly these. */
    public RequestDraft covering(List<String> others) {
        return new RequestDraft(method, uri, headers, body, key, others, parameters);
    }

    /** The same, signed by another key under the {@code keyid} that stands there. */
    public RequestDraft by(SigningKey other) {
        return new RequestDraft(method, uri, headers, body, other, components, parameters);
    }

    /** The request with its signature. */
    public Signed sign() {
        IndependentSigner signer = IndependentSigner.request(method, uri.toString());
        headers.lines().forEach(line -> signer.field(line.getKey(), line.getValue()));
        signer.cover(components.toArray(String[]::new));
        parameters.forEach(signer::parameter);
        List<String[]> lines = SignatureOctets.signed(signer, key);
        Headers all = Headers.none();
        for (String[] line : lines) {
            all = all.add(line[0], line[1]);
        }
        return new Signed(method, uri, all, body);
    }

    static boolean has(Headers headers, String name) {
        return headers.lines().stream().anyMatch(line -> line.getKey().equalsIgnoreCase(name));
    }

    /** A complete request, which can still be changed on its way. */
    public record Signed(String method, URI uri, Headers headers, String body) {

        /** With another value of a header; null takes it away. */
        public Signed with(String name, String value) {
            Headers kept = new Headers(headers.lines().stream()
                    .filter(line -> !line.getKey().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                    .toList());
            return new Signed(method, uri, value == null ? kept : kept.add(name, value), body);
        }

        /** With one more line. */
        public Signed adding(String name, String value) {
            return new Signed(method, uri, headers.add(name, value), body);
        }

        /** With another method. */
        public Signed withMethod(String other) {
            return new Signed(other, uri, headers, body);
        }

        /** To another address. */
        public Signed withUri(URI other) {
            return new Signed(method, other, headers, body);
        }

        /** With another body. */
        public Signed withBody(String other) {
            return new Signed(method, uri, headers, other);
        }

        public Exchange send(HttpCaller http) {
            return http.send(method, uri, headers, body);
        }
    }
}
