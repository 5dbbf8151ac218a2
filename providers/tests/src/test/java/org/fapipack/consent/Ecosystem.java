package org.fapipack.consent;

import com.nimbusds.jose.JWSAlgorithm;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fapipack.testkit.http.Json;

/** An ecosystem as a file in {@code ecosystems} describes it: a realm template, and what clients lodge there, well and badly. */
record Ecosystem(Map<String, Object> data) {

    /** A kind of consent, and requests about it. */
    record Kind(Map<String, Object> data) {

        String path() {
            return (String) data.get("path");
        }

        String scope() {
            return (String) data.get("scope");
        }

        String body() {
            return Json.write(Json.object(data.get("body")));
        }

        String id(Map<String, Object> answer) {
            return (String) at(answer, (String) data.get("id")).orElseThrow();
        }

        String state(Map<String, Object> answer) {
            return (String) at(answer, (String) data.get("status")).orElseThrow();
        }

        String awaiting() {
            return (String) data.get("awaiting");
        }

        String authorised() {
            return (String) data.get("authorised");
        }

        String requestScopes() {
            return "openid "
                    + String.join(
                            " ",
                            ((List<?>) data.get("request-scopes"))
                                    .stream().map(String.class::cast).toList());
        }

        /** The good body with the changes of each case. */
        List<Map<String, Object>> cases(String list) {
            return Json.objects((List<?>) data.get(list));
        }

        String changed(Map<String, Object> change) {
            Map<String, Object> body = copy(Json.object(data.get("body")));
            if (change.containsKey("put")) {
                Json.object(change.get("put")).forEach((path, value) -> put(body, path, value));
            }
            if (change.containsKey("remove")) {
                ((List<?>) change.get("remove")).forEach(path -> put(body, (String) path, null));
            }
            return Json.write(body);
        }

        /** The context class that the customer has to reach, where any will not do. */
        Optional<String> acr() {
            return Optional.ofNullable((String) data.get("acr"));
        }

        /** Whether a customer may agree once more to the same consent. */
        boolean isReauthorisable() {
            return Boolean.TRUE.equals(data.get("reauthorisable"));
        }

        Optional<Map<String, Object>> part(String name) {
            return Optional.ofNullable(data.get(name)).map(Json::object);
        }

        List<String> present() {
            return ((List<?>) data.get("present"))
                    .stream().map(String.class::cast).toList();
        }

        /** How bodies are signed, and what is answered where they are not as they have to be; empty where they are plain. */
        Optional<Map<String, Object>> signedBodies() {
            return part("signed-bodies");
        }

        /** Of answers with the status. */
        String mediaType(int status) {
            return signedBodies()
                            .filter(rules -> rules.get("form").equals("jwt"))
                            .filter(rules -> ((List<?>) rules.get("signed")).contains((long) status))
                            .isPresent()
                    ? "application/jwt"
                    : "application/json";
        }

        /** The client id of the resource server that is asked with tokens of this kind. */
        Optional<String> resourceServer() {
            return Optional.ofNullable((String) data.get("resource-server"));
        }

        @Override
        public String toString() {
            return path();
        }
    }

    static Ecosystem of(String name) {
        try (InputStream file = Ecosystem.class.getResourceAsStream("/ecosystems/" + name + ".json")) {
            return new Ecosystem(Json.object(new String(file.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String template() {
        return (String) data.get("template");
    }

    JWSAlgorithm algorithm() {
        return JWSAlgorithm.parse((String) data.get("algorithm"));
    }

    boolean isPushed() {
        return (Boolean) data.get("pushed");
    }

    /** Whether ID tokens are encrypted to the client. */
    boolean isEncrypted() {
        return (Boolean) data.get("encrypted");
    }

    /** Members of the discovery document. */
    Map<String, Object> discovery() {
        return Json.object(data.get("discovery"));
    }

    /** The context class that a password has. */
    String firstLevel() {
        return loa().entrySet().stream()
                .filter(level -> level.getValue().equals(1L))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** Shortest and longest life of access tokens, in seconds. */
    Optional<List<?>> tokenLifetime() {
        return Optional.ofNullable((List<?>) data.get("token-lifetime"));
    }

    List<Kind> kinds() {
        return Json.objects((List<?>) data.get("consents")).stream()
                .map(Kind::new)
                .toList();
    }

    /** Attributes of the customer whom the consents are for. */
    Map<String, Object> customer() {
        return Json.object(data.get("customer"));
    }

    Map<String, Object> loa() {
        return Json.object(data.get("loa"));
    }

    Optional<Object> errorCode(Map<String, Object> answer) {
        return at(answer, (String) data.get("error-code"));
    }

    /** How consents are named in a scope; empty where a claim does that. */
    Optional<String> scopePrefix() {
        return Optional.ofNullable((String) Json.object(data.get("reference")).get("scope"));
    }

    /** The parameter that names a consent in a signed request without a browser; empty where there are none. */
    Optional<String> backchannelParameter() {
        return Optional.ofNullable((String) data.get("backchannel-parameter"));
    }

    String claim() {
        return (String) Json.object(data.get("reference")).get("claim");
    }

    @Override
    public String toString() {
        return template();
    }

    /** The value at a JSON pointer without escapes. */
    static Optional<Object> at(Object json, String pointer) {
        Object value = json;
        for (String name : pointer.substring(1).split("/", -1)) {
            if (value instanceof Map<?, ?> object) {
                value = object.get(name);
            } else if (value instanceof List<?> list && Integer.parseInt(name) < list.size()) {
                value = list.get(Integer.parseInt(name));
            } else {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(value);
    }

    private static Map<String, Object> copy(Map<String, Object> json) {
        return Json.object(Json.write(json));
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> json, String pointer, Object value) {
        Map<String, Object> owner = json;
        String[] names = pointer.substring(1).split("/", -1);
        for (int i = 0; i < names.length - 1; i++) {
            owner = (Map<String, Object>) owner.computeIfAbsent(names[i], unseen -> new LinkedHashMap<>());
        }
        if (value == null) {
            owner.remove(names[names.length - 1]);
        } else {
            owner.put(names[names.length - 1], value);
        }
    }
}
