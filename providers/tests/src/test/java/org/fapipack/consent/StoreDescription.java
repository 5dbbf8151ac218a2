package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fapipack.testkit.consentstore.ReceivedCall;
import org.fapipack.testkit.http.Json;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What {@code docs/openapi/consent-store.yaml} says. */
final class StoreDescription {

    private static final String BASE = "/bank";

    private final Map<String, Object> document;

    private StoreDescription(Map<String, Object> document) {
        this.document = document;
    }

    static StoreDescription read() {
        try {
            String text = Files.readString(
                    Path.of(System.getProperty("project.root", "../.."), "docs", "openapi", "consent-store.yaml"));
            return new StoreDescription(object(new Yaml(new SafeConstructor(new LoaderOptions())).load(text)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Map<String, Object> operations() {
        Map<String, Object> operations = new LinkedHashMap<>();
        object(document.get("paths"))
                .forEach((path, item) -> object(item).forEach((method, operation) -> {
                    if (!method.equals("parameters")) {
                        operations.put(method.toUpperCase(Locale.ROOT) + ' ' + path, operation);
                    }
                }));
        return operations;
    }

    Map<String, Object> schema(String name) {
        return object(at(document, "components", "schemas", name));
    }

    Set<String> members(String schema) {
        return new TreeSet<>(object(schema(schema).get("properties")).keySet());
    }

    Set<String> required(String schema) {
        return new TreeSet<>(texts(schema(schema).get("required")));
    }

    List<String> values(String schema) {
        return texts(schema(schema).get("enum"));
    }

    /** A call that was made is one that is described, in all it says. */
    void check(ReceivedCall call) {
        String path = call.path().substring(BASE.length()).replaceFirst("\\?.*", "");
        String described = path.replaceFirst("/consents/[^/]+", "/consents/{id}");
        Map<String, Object> operations = operations();
        assertThat(operations).containsKey(call.method() + ' ' + described);
        Map<String, Object> operation = object(operations.get(call.method() + ' ' + described));
        assertThat(call.claims().keySet()).containsExactlyInAnyOrderElementsOf(members("CallClaims"));
        assertThat(members("CallClaims")).isEqualTo(required("CallClaims"));
        if (call.method().equals("GET")) {
            assertThat(call.path()).contains("?client_id=").doesNotContain("&");
            assertThat(call.body()).isEmpty();
            assertThat(call.idempotencyKey()).isEmpty();
        } else {
            String schema = (String) at(operation, "requestBody", "content", "application/json", "schema", "$ref");
            String name = schema.substring(schema.lastIndexOf('/') + 1);
            assertThat(Json.object(call.body()).keySet())
                    .isSubsetOf(members(name))
                    .containsAll(required(name));
            assertThat(call.path()).doesNotContain("?");
            if (parameters(operation).contains("key")) {
                assertThat(call.idempotencyKey().orElseThrow()).hasSize(43);
            } else {
                assertThat(call.idempotencyKey()).isEmpty();
            }
            if (!parameters(operation).contains("interaction")) {
                assertThat(call.interactionId()).isEmpty();
            }
        }
    }

    private static List<String> parameters(Map<String, Object> operation) {
        return ((List<?>) operation.get("parameters"))
                .stream()
                        .map(parameter -> (String) object(parameter).get("$ref"))
                        .map(reference -> reference.substring(reference.lastIndexOf('/') + 1))
                        .toList();
    }

    private static Object at(Map<String, Object> object, String... names) {
        Object found = object;
        for (String name : names) {
            found = object(found).get(name);
        }
        return found;
    }

    static Map<String, Object> object(Object value) {
        Map<String, Object> object = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((name, member) -> object.put(String.valueOf(name), member));
        return object;
    }

    private static List<String> texts(Object value) {
        return ((List<?>) value).stream().map(String::valueOf).toList();
    }
}
