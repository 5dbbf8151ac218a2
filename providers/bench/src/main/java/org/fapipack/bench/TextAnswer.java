package org.fapipack.bench;

import java.net.http.HttpResponse;

/**
 * An answer with a status and a text in it.
 *
 * @param text that no other answer has
 */
record TextAnswer(int status, String text) implements AnswerCheck {

    @Override
    public void glance(HttpResponse<String> answer) {
        if (answer.statusCode() != status || !answer.body().contains(text)) {
            throw new WrongAnswer("status " + status + " and " + text, answer);
        }
    }

    @Override
    public void verify(HttpResponse<String> answer) {
        glance(answer);
    }
}
