package org.fapipack.testkit.http;

/** A server answered something else than the caller needed to go on. */
public final class UnexpectedAnswer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Exchange exchange;

    public UnexpectedAnswer(String expected, Exchange exchange, Throwable cause) {
        super("expected " + expected + ", got: " + exchange + excerpt(exchange), cause);
        this.exchange = exchange;
    }

    public Exchange exchange() {
        return exchange;
    }

    /** Error bodies help; bodies of successes may hold tokens and stay out of messages. */
    private static String excerpt(Exchange exchange) {
        if (exchange.status() < 400
                || exchange.error().isPresent()
                || exchange.body().isBlank()) {
            return "";
        }
        String body = exchange.body().strip().replaceAll("\\s+", " ");
        return ": " + (body.length() <= 300 ? body : body.substring(0, 300) + "...");
    }
}
