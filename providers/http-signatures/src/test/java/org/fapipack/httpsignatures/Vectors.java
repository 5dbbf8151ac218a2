package org.fapipack.httpsignatures;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files in {@code vectors/}; their README says where they come from. */
final class Vectors {

    private Vectors() {}

    /** A JSON object of a vector file. */
    record Case(Map<String, Object> json) {

        String id() {
            return text("id");
        }

        String text(String name) {
            return (String) json.get(name);
        }

        boolean has(String name) {
            return json.get(name) != null;
        }

        long number(String name) {
            return ((Number) json.get(name)).longValue();
        }

        @SuppressWarnings("unchecked")
        Case object(String name) {
            return new Case((Map<String, Object>) json.get(name));
        }

        @SuppressWarnings("unchecked")
        List<Case> objects(String name) {
            return ((List<Map<String, Object>>) json.get(name))
                    .stream().map(Case::new).toList();
        }

        /** The message under that name, with its request if it has one. */
        HttpMessage message(String name) {
            HttpMessage.Builder builder = has("related_request")
                    ? HttpMessage.response(
                            (int) object(name).number("status"),
                            object("related_request").message())
                    : object(name).builder();
            return object(name).filled(builder).build();
        }

        HttpMessage message() {
            return filled(builder()).build();
        }

        private HttpMessage.Builder builder() {
            return text("type").equals("request")
                    ? HttpMessage.request(text("method"), text("target_uri"))
                    : HttpMessage.response((int) number("status"));
        }

        @SuppressWarnings("unchecked")
        private HttpMessage.Builder filled(HttpMessage.Builder builder) {
            for (List<String> line : (List<List<String>>) json.get("headers")) {
                builder.field(line.get(0), new String(line.get(1).getBytes(UTF_8), ISO_8859_1));
            }
            if (has("trailers")) {
                ((List<List<String>>) json.get("trailers")).forEach(line -> builder.trailer(line.get(0), line.get(1)));
            }
            if (has("request_target")) {
                builder.requestTarget(text("request_target"));
            }
            if (has("body")) {
                builder.content(text("body").getBytes(UTF_8));
            }
            return builder;
        }

        @Override
        public String toString() {
            return id();
        }
    }

    static Case file(String name) {
        try (var stream = Vectors.class.getResourceAsStream("vectors/" + name)) {
            return new Case(JSONObjectUtils.parse(new String(stream.readAllBytes(), UTF_8)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (ParseException noJson) {
            throw new IllegalStateException(name, noJson);
        }
    }

    static Stream<Case> cases(String file, String list) {
        return file(file).objects(list).stream();
    }
}
