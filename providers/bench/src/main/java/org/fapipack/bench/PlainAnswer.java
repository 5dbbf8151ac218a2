package org.fapipack.bench;

import java.net.http.HttpResponse;
import java.util.Map;
import org.fapipack.testkit.http.Json;

/**
 * An RFC 7662 answer in plain JSON about an active token.
 *
 * @param clientId whom the token was issued to
 * @param narrowed whether the answer leaves out what is nobody's business, as under the pack's policy, or is stock's
 */
record PlainAnswer(String clientId, boolean narrowed) implements AnswerCheck {

    static final String MEDIA_TYPE = "application/json";

    @Override
    public void glance(HttpResponse<String> answer) {
        if (answer.statusCode() != 200
                || !hasMediaType(answer, MEDIA_TYPE)
                || !answer.body().contains("\"active\":true")) {
            throw new WrongAnswer("plain JSON about an active token", answer);
        }
    }

    @Override
    public void verify(HttpResponse<String> answer) {
        glance(answer);
        Map<String, Object> members;
        try {
            members = Json.object(answer.body());
        } catch (IllegalArgumentException notJson) {
            throw new WrongAnswer("expected JSON", notJson);
        }
        if (!Boolean.TRUE.equals(members.get("active")) || !clientId.equals(members.get("client_id"))) {
            throw new WrongAnswer("an active token of " + clientId, answer);
        }
        // The one difference on the wire that proves which code answered.
        if (members.containsKey("username") == narrowed) {
            throw new WrongAnswer(narrowed ? "no username" : "a username", answer);
        }
    }

    static boolean hasMediaType(HttpResponse<String> answer, String expected) {
        String value = answer.headers().firstValue("content-type").orElse("");
        return value.startsWith(expected)
                && (value.length() == expected.length() || value.charAt(expected.length()) == ';');
    }
}
