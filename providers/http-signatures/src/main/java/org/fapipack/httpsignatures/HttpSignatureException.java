package org.fapipack.httpsignatures;

/** A message, or a part of it, that cannot be used. The only exception that input of a peer leads to. */
public final class HttpSignatureException extends Exception {

    private final RefusalReason reason;

    /**
     * @param reason why, not null
     * @param detail for the log: says what is wrong; repeats no value of the message but names of components and labels
     */
    public HttpSignatureException(RefusalReason reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    HttpSignatureException(RefusalReason reason, String detail, Throwable cause) {
        super(detail, cause);
        this.reason = reason;
    }

    /** Why. */
    public RefusalReason reason() {
        return reason;
    }
}
