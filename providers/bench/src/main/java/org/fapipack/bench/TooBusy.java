package org.fapipack.bench;

/** The machine did not get enough done in the time there is. */
final class TooBusy extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooBusy(String message) {
        super(message);
    }
}
