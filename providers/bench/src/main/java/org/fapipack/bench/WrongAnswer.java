package org.fapipack.bench;

import java.net.http.HttpResponse;

/** A server answered something else than the variant promises. Ends the run: numbers of wrong answers are worth nothing. */
final class WrongAnswer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int EXCERPT = 200;

    WrongAnswer(String expected, HttpResponse<String> answer) {
        super("expected " + expected + ", got status " + answer.statusCode() + ", "
                + answer.headers().firstValue("content-type").orElse("no content type") + ": "
                + excerpt(answer.body()));
    }

    WrongAnswer(String message) {
        super(message);
    }

    WrongAnswer(String message, Throwable cause) {
        super(message, cause);
    }

    private static String excerpt(String body) {
        return body.length() <= EXCERPT ? body : body.substring(0, EXCERPT) + "...";
    }
}
