package org.fapipack.bench;

import java.net.http.HttpResponse;

/** What a variant's answers must look like. Safe for use by several threads. */
interface AnswerCheck {

    /**
     * Looks at every answer, so it must cost next to nothing: the load generator shares the machine with the server.
     *
     * @throws WrongAnswer if the status, the media type or the token's being active is not as promised
     */
    void glance(HttpResponse<String> answer);

    /**
     * Looks at everything, the signature included; for one answer of each thread and window.
     *
     * @throws WrongAnswer if anything is not as promised
     */
    void verify(HttpResponse<String> answer);
}
