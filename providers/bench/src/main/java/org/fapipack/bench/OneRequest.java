package org.fapipack.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A sample of one request and one answer. */
final class OneRequest implements Sample {

    private final HttpRequest request;
    private final AnswerCheck check;
    private HttpResponse<String> answer;

    OneRequest(HttpRequest request, AnswerCheck check) {
        this.request = request;
        this.check = check;
    }

    @Override
    public void send(HttpClient http) throws IOException, InterruptedException {
        answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void glance() {
        check.glance(answer);
    }

    @Override
    public void verify() {
        check.verify(answer);
    }
}
