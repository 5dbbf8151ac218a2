package org.fapipack.bench;

import java.net.http.HttpResponse;
import java.util.Map;
import org.fapipack.testkit.http.Json;

/** A token response with an access token bound by DPoP. */
record TokenAnswer() implements AnswerCheck {

    private static final String EXPECTED = "a token response with a token bound by DPoP";

    @Override
    public void glance(HttpResponse<String> answer) {
        if (answer.statusCode() != 200
                || !PlainAnswer.hasMediaType(answer, PlainAnswer.MEDIA_TYPE)
                || !answer.body().contains("\"token_type\":\"DPoP\"")) {
            throw new WrongAnswer(EXPECTED, answer);
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
        if (!"DPoP".equals(members.get("token_type")) || !(members.get("access_token") instanceof String)) {
            throw new WrongAnswer(EXPECTED, answer);
        }
    }
}
