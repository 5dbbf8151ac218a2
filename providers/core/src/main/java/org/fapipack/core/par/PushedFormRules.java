package org.fapipack.core.par;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.fapipack.core.jose.CompactJws;

/**
 * What the form of a pushed authorization request may hold, before anything in it is believed. What passes here is what the authorization
 * will be made of: nothing is dropped on the way, nothing said twice.
 *
 * @param maxCharacters most characters of all names and values together, inclusive
 * @param maxParameters most parameters, and most members of a request object, inclusive
 * @param maxLength most characters a parameter may have, by its name, inclusive
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9126.html#section-2.1">RFC 9126 section 2.1</a>
 */
public record PushedFormRules(int maxCharacters, int maxParameters, ToIntFunction<String> maxLength) {

    private static final String CLIENT_ID = "client_id";
    private static final String REQUEST = "request";

    /** RFC 9126 section 3: beside a request object only what identifies and authenticates the client, and binds the code to a key. */
    private static final Set<String> BESIDE_A_REQUEST_OBJECT =
            Set.of(CLIENT_ID, REQUEST, "client_assertion", "client_assertion_type", "client_secret", "dpop_jkt");

    /** Have limits of their own, or none but that of the whole. */
    private static final Set<String> TOKENS = Set.of(REQUEST, "client_assertion");

    /** Longest name of a parameter that is echoed in a description. */
    private static final int MAX_ECHO = 64;

    /**
     * Finds the first defect.
     *
     * @param form all values of each parameter
     * @param clientId the authenticated client
     */
    public Optional<PushedFormDefect> firstDefect(Map<String, List<String>> form, String clientId) {
        return sizeDefect(form)
                .or(() -> repetition(form))
                .or(() -> clientIdDefect(form, clientId))
                .or(() -> lengthDefect(form))
                .or(() -> requestObjectDefect(form));
    }

    private Optional<PushedFormDefect> sizeDefect(Map<String, List<String>> form) {
        long characters = form.entrySet().stream()
                .mapToLong(parameter -> parameter.getKey().length()
                        + parameter.getValue().stream()
                                .mapToLong(String::length)
                                .sum())
                .sum();
        return characters > maxCharacters
                ? Optional.of(new PushedFormDefect(
                        true, "request_too_large", "the request may have at most " + maxCharacters + " characters"))
                : form.size() > maxParameters
                        ? defect("too_many_parameters", "the request may have at most " + maxParameters + " parameters")
                        : Optional.empty();
    }

    private static Optional<PushedFormDefect> repetition(Map<String, List<String>> form) {
        return form.entrySet().stream()
                .filter(parameter -> parameter.getValue().size() > 1)
                .findFirst()
                .flatMap(parameter ->
                        defect("parameter_repeated", echo(parameter.getKey()) + " must not be sent more than once"));
    }

    private static Optional<PushedFormDefect> clientIdDefect(Map<String, List<String>> form, String clientId) {
        if (!form.containsKey(CLIENT_ID)) {
            return defect("client_id_missing", "client_id is required");
        }
        return form.get(CLIENT_ID).contains(clientId)
                ? Optional.empty()
                : defect("client_id_not_client", "client_id must be the client that authenticated");
    }

    private Optional<PushedFormDefect> lengthDefect(Map<String, List<String>> form) {
        return form.entrySet().stream()
                .filter(parameter -> !TOKENS.contains(parameter.getKey()))
                .filter(parameter -> parameter.getValue().stream()
                        .anyMatch(value -> value.length() > maxLength.applyAsInt(parameter.getKey())))
                .findFirst()
                .flatMap(parameter -> tooLong(parameter.getKey()));
    }

    private Optional<PushedFormDefect> requestObjectDefect(Map<String, List<String>> form) {
        if (!form.containsKey(REQUEST)) {
            return Optional.empty();
        }
        Optional<String> beside = form.keySet().stream()
                .filter(name -> !BESIDE_A_REQUEST_OBJECT.contains(name))
                .findFirst();
        if (beside.isPresent()) {
            return defect("parameter_beside_request_object", echo(beside.get()) + " must be inside the request object");
        }
        // An encrypted one cannot be looked into here; the parser refuses what does not fit, without a name.
        return form.get(REQUEST).stream()
                .findFirst()
                .flatMap(CompactJws::read)
                .map(CompactJws::claims)
                .flatMap(this::claimsDefect);
    }

    private Optional<PushedFormDefect> claimsDefect(JsonNode claims) {
        if (claims.size() > maxParameters) {
            return defect("too_many_parameters", "the request object may have at most " + maxParameters + " members");
        }
        return claims.properties().stream()
                .filter(member -> text(member.getValue()).length() > maxLength.applyAsInt(member.getKey()))
                .findFirst()
                .flatMap(member -> tooLong(member.getKey()));
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.asText() : value.toString();
    }

    private Optional<PushedFormDefect> tooLong(String name) {
        return defect(
                "parameter_too_long", echo(name) + " may have at most " + maxLength.applyAsInt(name) + " characters");
    }

    /** RFC 6749 section 5.2 allows few characters in a description. */
    private static String echo(String name) {
        return name.length() <= MAX_ECHO && name.matches("[A-Za-z0-9_.:-]+") ? name : "a parameter";
    }

    private static Optional<PushedFormDefect> defect(String reason, String description) {
        return Optional.of(new PushedFormDefect(false, reason, description));
    }
}
