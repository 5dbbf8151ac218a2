package org.fapipack.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpResponse;
import java.util.Base64;
import org.fapipack.testkit.resource.IntrospectionRejection;
import org.fapipack.testkit.resource.IntrospectionResponseVerifier;
import org.fapipack.testkit.resource.TokenIntrospection;

/**
 * An RFC 9701 answer about an active token.
 *
 * @param clientId whom the token was issued to
 */
record SignedAnswer(String clientId, IntrospectionResponseVerifier verifier) implements AnswerCheck {

    @Override
    public void glance(HttpResponse<String> answer) {
        if (answer.statusCode() != 200
                || !PlainAnswer.hasMediaType(answer, IntrospectionResponseVerifier.MEDIA_TYPE)
                || !payload(answer).contains("\"active\":true")) {
            throw new WrongAnswer("a signed answer about an active token", answer);
        }
    }

    private static String payload(HttpResponse<String> answer) {
        String[] parts = answer.body().split("\\.", -1);
        if (parts.length != 3) {
            throw new WrongAnswer("a JWS", answer);
        }
        try {
            return new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
        } catch (IllegalArgumentException notBase64Url) {
            throw new WrongAnswer("expected base64url", notBase64Url);
        }
    }

    @Override
    public void verify(HttpResponse<String> answer) {
        TokenIntrospection token;
        try {
            token = verifier.verify(
                    answer.statusCode(),
                    answer.headers().firstValue("content-type").orElse(""),
                    answer.body());
        } catch (IntrospectionRejection rejected) {
            throw new WrongAnswer("the signed answer does not verify: " + rejected.getMessage(), rejected);
        }
        if (!token.active() || !clientId.equals(token.text("client_id").orElse(""))) {
            throw new WrongAnswer("an active token of " + clientId, answer);
        }
    }
}
