package org.fapipack.bench;

import java.io.IOException;
import java.net.http.HttpClient;

/** One thing to measure, made ready beforehand: what its sender has to sign is signed before the clock runs. Used once, by one thread. */
interface Sample {

    /**
     * Sends everything and waits for the answers; this is what is timed.
     *
     * @throws WrongAnswer if there is no going on after an answer
     */
    void send(HttpClient http) throws IOException, InterruptedException;

    /**
     * Looks at every answer, so it must cost next to nothing: the load generator shares the machine with the server.
     *
     * @throws WrongAnswer if an answer is not as promised
     */
    void glance();

    /**
     * Looks at everything, signatures included; for one sample of each thread and window.
     *
     * @throws WrongAnswer if anything is not as promised
     */
    void verify();
}
