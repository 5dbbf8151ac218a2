package org.fapipack.httpsignatures;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP request or response as it is on the wire; the same type for both directions, for signing and for verifying. Immutable.
 *
 * <p>Takes whatever a peer sent: what is not legal in a signature is found when the signature base is made.
 */
public final class HttpMessage {

    private final String method;
    private final String targetUri;
    private final String requestTarget;
    private final int status;
    private final List<FieldLine> fields;
    private final List<FieldLine> trailers;
    private final Content content;
    private final HttpMessage request;
    private final Map<String, List<String>> values;

    private HttpMessage(Builder builder) {
        method = builder.method;
        targetUri = builder.targetUri;
        requestTarget = builder.requestTarget;
        status = builder.status;
        fields = List.copyOf(builder.fields);
        trailers = List.copyOf(builder.trailers);
        content = builder.content;
        request = builder.request;
        values = byName(fields);
    }

    /**
     * Begins a request.
     *
     * @param method as sent, case kept; not null
     * @param targetUri the absolute target URI with its query, octets as sent: nothing decoded, normalised or re-encoded; not null. Scheme,
     *     host and a prefix that a proxy took away come from the server's configuration, path and query from the request line
     */
    public static Builder request(String method, String targetUri) {
        Builder builder = new Builder();
        builder.method = requireNonNull(method, "method");
        builder.targetUri = requireNonNull(targetUri, "targetUri");
        return builder;
    }

    /**
     * Begins a response.
     *
     * @param status three digits
     * @param request the request that caused it: as received for who signs the response, as sent for who verifies it; not null
     */
    public static Builder response(int status, HttpMessage request) {
        Builder builder = response(status);
        builder.request = requireNonNull(request, "request");
        return builder;
    }

    /** Begins a response of which the request is not known; no component of the request can be covered. */
    public static Builder response(int status) {
        Builder builder = new Builder();
        builder.status = status;
        return builder;
    }

    /** Whether this is a request; a response otherwise. */
    public boolean isRequest() {
        return method != null;
    }

    /** The method as sent; empty for a response. */
    public Optional<String> method() {
        return Optional.ofNullable(method);
    }

    /** The absolute target URI as sent; empty for a response. */
    public Optional<String> targetUri() {
        return Optional.ofNullable(targetUri);
    }

    /** The request target where it is not the path and query of the target URI. */
    public Optional<String> requestTarget() {
        return Optional.ofNullable(requestTarget);
    }

    /** The status code; 0 for a request. */
    public int status() {
        return status;
    }

    /** The field lines in the order of the message, without trailers. */
    public List<FieldLine> fields() {
        return fields;
    }

    /**
     * The values of all lines of a field, in their order, as they were given.
     *
     * @param name in any case
     * @return empty when the message has no such field
     */
    public List<String> values(String name) {
        return values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** Whether there is at least one line of that field. */
    public boolean has(String name) {
        return values.containsKey(name.toLowerCase(Locale.ROOT));
    }

    List<String> trailerValues(String lowerCaseName) {
        return byName(trailers).getOrDefault(lowerCaseName, List.of());
    }

    /** The content; {@link Content#empty()} when there is none. */
    public Content content() {
        return content;
    }

    /** The request that caused this response. */
    public Optional<HttpMessage> request() {
        return Optional.ofNullable(request);
    }

    /** The same message with more field lines, after those it has. */
    public HttpMessage with(List<FieldLine> lines) {
        Builder builder = toBuilder();
        builder.fields.addAll(lines);
        return builder.build();
    }

    /** A builder that holds all of this message. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.method = method;
        builder.targetUri = targetUri;
        builder.requestTarget = requestTarget;
        builder.status = status;
        builder.fields.addAll(fields);
        builder.trailers.addAll(trailers);
        builder.content = content;
        builder.request = request;
        return builder;
    }

    private static Map<String, List<String>> byName(List<FieldLine> lines) {
        Map<String, List<String>> byName = new HashMap<>();
        for (FieldLine line : lines) {
            byName.computeIfAbsent(line.name().toLowerCase(Locale.ROOT), unseen -> new ArrayList<>(1))
                    .add(line.value());
        }
        byName.replaceAll((name, values) -> List.copyOf(values));
        return byName;
    }

    /** Collects the parts of a message; not thread-safe. */
    public static final class Builder {
        private String method;
        private String targetUri;
        private String requestTarget;
        private int status;
        private final List<FieldLine> fields = new ArrayList<>();
        private final List<FieldLine> trailers = new ArrayList<>();
        private Content content = Content.empty();
        private HttpMessage request;

        private Builder() {}

        /** One field line, after those given so far. */
        public Builder field(String name, String value) {
            fields.add(new FieldLine(name, value));
            return this;
        }

        /** One line of the trailer section. */
        public Builder trailer(String name, String value) {
            trailers.add(new FieldLine(name, value));
            return this;
        }

        /** The request target where it is not the path and query of the target URI; only {@code @request-target} uses it. */
        public Builder requestTarget(String asSent) {
            requestTarget = asSent;
            return this;
        }

        /** The content's octets, not copied. */
        public Builder content(byte[] octets) {
            return content(Content.of(octets));
        }

        /** The content, not null. */
        public Builder content(Content all) {
            content = requireNonNull(all, "content");
            return this;
        }

        /** The message. */
        public HttpMessage build() {
            return new HttpMessage(this);
        }
    }
}
