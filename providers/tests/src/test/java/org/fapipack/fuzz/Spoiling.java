package org.fapipack.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.JwtDraft;

/** Ways to spoil correct messages and correct JWTs. */
final class Spoiling {

    private static final List<String> PARAMETERS = List.of(
            "client_id",
            "client_secret",
            "client_assertion",
            "client_assertion_type",
            "request",
            "request_uri",
            "response_type",
            "response_mode",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "dpop_jkt",
            "prompt",
            "max_age",
            "claims",
            "authorization_details",
            "resource",
            "audience",
            "ui_locales",
            "grant_type",
            "code",
            "code_verifier",
            "refresh_token",
            "username",
            "password",
            "token",
            "token_type_hint",
            "access_token",
            "subject_token",
            "subject_token_type",
            "requested_token_type",
            "assertion",
            "device_code",
            "auth_req_id",
            "ticket",
            "permission",
            "client_session_state");

    private static final List<String> GRANTS = List.of(
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "password",
            "implicit",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "urn:ietf:params:oauth:grant-type:uma-ticket",
            "urn:openid:params:grant-type:ciba",
            "urn:ietf:params:oauth:grant-type:pre-authorized_code");

    private static final List<String> HEADERS = List.of(
            "Authorization",
            "DPoP",
            "Origin",
            "Cookie",
            "Accept-Language",
            "Content-Encoding",
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-Port",
            "Range",
            "Referer",
            "User-Agent");

    private static final List<String> JOSE_HEADERS = List.of(
            "alg", "typ", "kid", "jwk", "crit", "jku", "x5u", "x5c", "x5t", "x5t#S256", "cty", "b64", "enc", "zip");

    private static final List<String> CLAIMS = List.of(
            "iss",
            "sub",
            "aud",
            "jti",
            "iat",
            "nbf",
            "exp",
            "htm",
            "htu",
            "ath",
            "nonce",
            "client_id",
            "response_type",
            "response_mode",
            "redirect_uri",
            "scope",
            "state",
            "code_challenge",
            "code_challenge_method",
            "claims",
            "authorization_details",
            "max_age",
            "prompt",
            "request",
            "request_uri",
            "login_hint",
            "id_token_hint",
            "acr_values",
            "ui_locales",
            "cnf",
            "registration");

    private Spoiling() {}

    /** One change of a form request. */
    static Arbitrary<Change<Message, Message>> form() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, parameter()),
                Tuple.of(2, grant()),
                Tuple.of(2, brokenBody()),
                Tuple.of(2, contentType()),
                Tuple.of(3, header()));
    }

    private static Arbitrary<Change<Message, Message>> parameter() {
        Arbitrary<String> names = Arbitraries.oneOf(Arbitraries.of(PARAMETERS), Garbage.text());
        return names.flatMap(name -> Garbage.text()
                .flatMap(value -> Arbitraries.of(
                        new Change<>(name + "=" + value, message -> with(without(message, name), name, value)),
                        new Change<>(name + "=" + value + " added", message -> with(message, name, value)),
                        new Change<>(
                                name + "=" + value + " twice",
                                message -> with(with(message, name, value), name, value)),
                        new Change<>("without " + name, message -> without(message, name)))));
    }

    private static Arbitrary<Change<Message, Message>> grant() {
        return Arbitraries.of(GRANTS)
                .flatMap(grant -> Arbitraries.of(PARAMETERS)
                        .flatMap(name -> Garbage.text()
                                .map(value -> new Change<>(
                                        "grant_type=" + grant + "&" + name + "=" + value,
                                        message -> with(
                                                with(
                                                        without(without(message, "grant_type"), name),
                                                        "grant_type",
                                                        grant),
                                                name,
                                                value)))));
    }

    private static Message with(Message message, String name, String value) {
        String pair = URLEncoder.encode(name, UTF_8) + "=" + URLEncoder.encode(value, UTF_8);
        return message.body(message.body().isEmpty() ? pair : message.body() + "&" + pair);
    }

    private static Message without(Message message, String name) {
        return message.body(List.of(message.body().split("&", -1)).stream()
                .filter(pair -> !pair.startsWith(name + "="))
                .reduce((first, second) -> first + "&" + second)
                .orElse(""));
    }

    private static Arbitrary<Change<Message, Message>> brokenBody() {
        return Garbage.formBody("@")
                .flatMap(template -> Garbage.mediaType()
                        .flatMap(type -> Arbitraries.of(true, true, false)
                                .map(same -> new Change<>("body " + template + (same ? "" : " as " + type), message -> {
                                    Message changed = message.body(template.replace("@", message.body()));
                                    return same ? changed : changed.onlyHeader("Content-Type", type);
                                }))));
    }

    private static Arbitrary<Change<Message, Message>> contentType() {
        return Arbitraries.oneOf(
                Garbage.mediaType()
                        .map(type -> new Change<>(
                                "Content-Type: " + type, message -> message.onlyHeader("Content-Type", type))),
                Garbage.mediaType()
                        .map(type -> new Change<>(
                                "one more Content-Type: " + type, message -> message.header("Content-Type", type))),
                Arbitraries.just(
                        new Change<>("without Content-Type", message -> message.withoutHeader("Content-Type"))));
    }

    /** One change of a header line. */
    static Arbitrary<Change<Message, Message>> header() {
        return Arbitraries.oneOf(
                Arbitraries.of(HEADERS)
                        .flatMap(name -> Garbage.headerValue()
                                .flatMap(value -> Arbitraries.of(
                                        new Change<>(name + ": " + value, message -> message.onlyHeader(name, value)),
                                        new Change<>(
                                                "one more " + name + ": " + value,
                                                message -> message.header(name, value)),
                                        new Change<>("without " + name, message -> message.withoutHeader(name)),
                                        new Change<>(
                                                name + " twice",
                                                message -> message.header(name, message.last(name)))))),
                Garbage.mediaType()
                        .map(type -> new Change<>("Accept: " + type, message -> message.onlyHeader("Accept", type))));
    }

    /** Changes of a JSON request: of members, or of everything. */
    static Arbitrary<List<Change<Message, Message>>> json(List<String> members) {
        Arbitrary<Change<Message, Message>> body =
                Garbage.nearlyJson().map(text -> new Change<>("body " + text, message -> message.body(text)));
        return Arbitraries.oneOf(
                members(members).list().ofSize(1),
                Arbitraries.oneOf(body, contentType(), header())
                        .list()
                        .ofMinSize(1)
                        .ofMaxSize(2));
    }

    private static Arbitrary<Change<Message, Message>> members(List<String> names) {
        return Arbitraries.maps(Arbitraries.of(names), Garbage.json())
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(members -> new Change<>("members " + members, message -> {
                    Map<String, Object> changed = new LinkedHashMap<>(Json.object(message.body()));
                    changed.putAll(members);
                    return message.body(Garbage.octets(Json.write(changed)));
                }));
    }

    /** One change of a JWT. */
    static Arbitrary<Change<JwtDraft, String>> jwt() {
        return Arbitraries.frequencyOf(
                Tuple.of(5, claim()),
                Tuple.of(5, joseHeader()),
                Tuple.of(2, payload()),
                Tuple.of(3, compact()),
                Tuple.of(1, signature()));
    }

    private static Arbitrary<Change<JwtDraft, String>> claim() {
        return Arbitraries.of(CLAIMS)
                .flatMap(name -> Garbage.json()
                        .flatMap(value -> Arbitraries.of(
                                new Change<>(
                                        "claim " + name + ": " + value,
                                        draft -> draft.claim(name, value).compact()),
                                new Change<>(
                                        "no claim " + name,
                                        draft -> draft.withoutClaim(name).compact()))));
    }

    private static Arbitrary<Change<JwtDraft, String>> joseHeader() {
        Arbitrary<String> algorithms =
                Arbitraries.of("none", "NONE", "HS256", "RS256", "ES512", "EdDSA", "RSA-OAEP", "dir", "x");
        Arbitrary<Object> lists = Arbitraries.of(List.of("exp"), List.of("b64"), List.of(""), List.of("x", "x"));
        Arbitrary<Object> values =
                Arbitraries.oneOf(Garbage.json(), Garbage.jwk(), algorithms.map(Object.class::cast), lists);
        return Arbitraries.of(JOSE_HEADERS)
                .flatMap(name -> values.flatMap(value -> Arbitraries.of(
                        new Change<>(
                                "header " + name + ": " + value,
                                draft -> draft.header(name, value).compact()),
                        new Change<>(
                                "no header " + name,
                                draft -> draft.withoutHeader(name).compact()))));
    }

    private static Arbitrary<Change<JwtDraft, String>> payload() {
        return Garbage.nearlyJson()
                .flatMap(text -> Arbitraries.of(
                        new Change<>(
                                "payload " + text, draft -> draft.payload(text).compact()),
                        new Change<>(
                                "first member said twice",
                                draft -> draft.payload(Json.write(draft.claims())
                                                .replaceFirst("^\\{(\"[a-z_]+\":)", "{$10,$1"))
                                        .compact()),
                        new Change<>("header " + text, draft -> {
                            String jwt = draft.compact();
                            return encode(text) + jwt.substring(jwt.indexOf('.'));
                        })));
    }

    private static String encode(String octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets.getBytes(UTF_8));
    }

    private static Arbitrary<Change<JwtDraft, String>> compact() {
        Arbitrary<Integer> places = Arbitraries.integers().between(0, 600);
        return Arbitraries.oneOf(
                places.map(place -> new Change<>("cut at " + place, draft -> {
                    String jwt = draft.compact();
                    return jwt.substring(0, Math.min(place, jwt.length()));
                })),
                places.flatMap(place -> Arbitraries.of(".", "=", "+", "/", " ", "\n", "%", "*", "~")
                        .map(text -> new Change<>("a " + text + " at " + place, draft -> {
                            String jwt = draft.compact();
                            int at = Math.min(place, jwt.length());
                            return jwt.substring(0, at) + text + jwt.substring(at);
                        }))),
                Arbitraries.of(
                        new Change<>("two segments", draft -> draft.compact().replaceFirst("\\.[^.]*$", "")),
                        new Change<>("four segments", draft -> draft.compact() + ".e30"),
                        new Change<>("five segments", draft -> draft.compact() + ".e30.e30"),
                        new Change<>("six segments", draft -> draft.compact() + ".e30.e30.e30"),
                        new Change<>("five empty segments", draft -> "...."),
                        new Change<>(
                                "an encrypted JWT",
                                draft -> encode("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\",\"kid\":\"x\"}")
                                        + ".AAAA.AAAA.AAAA.AAAA"),
                        new Change<>(
                                "a directly encrypted JWT",
                                draft -> encode("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}") + "..AAAA.AAAA.AAAA"),
                        new Change<>("no signature", draft -> draft.compact().replaceFirst("[^.]*$", "")),
                        new Change<>("padding", draft -> draft.compact() + "=="),
                        new Change<>("another text", draft -> "x")));
    }

    private static Arbitrary<Change<JwtDraft, String>> signature() {
        return Arbitraries.of(
                new Change<>("alg none", draft -> draft.unsigned().compact()),
                new Change<>(
                        "alg HS256",
                        draft ->
                                draft.signedWithSecret("secret".getBytes(UTF_8)).compact()),
                new Change<>(
                        "broken signature", draft -> draft.withBrokenSignature().compact()),
                new Change<>("short signature", draft -> draft.compact().replaceFirst("[^.]*$", "AA")));
    }
}
