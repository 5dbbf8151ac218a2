package org.fapipack.testkit.resource;

/** A DPoP proof that does not prove what it should. */
final class DpopRejection extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DpopRejection(String message) {
        super(message);
    }
}
