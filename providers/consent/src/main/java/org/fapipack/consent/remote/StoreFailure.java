package org.fapipack.consent.remote;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.apache.http.MessageConstraintException;
import org.apache.http.client.ClientProtocolException;
import org.apache.http.conn.ConnectTimeoutException;
import org.fapipack.core.outgoing.AddressReach.RefusedAddress;

/** A call did not lead to an answer that can be used. */
final class StoreFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why, for logs and events. */
    enum Kind {
        /** A policy names no store, or two do. */
        STORE_NOT_SET(false),
        /** The call is to show a certificate, and the server has no key for that. */
        STORE_NO_CLIENT_KEY(false),
        /** The realm has no key to sign the call with. */
        STORE_NO_SIGNING_KEY(false),
        /** The name leads to an address that must not be called. */
        STORE_ADDRESS_REFUSED(false),
        STORE_NAME_UNKNOWN(true),
        STORE_UNREACHABLE(true),
        /** No TLS connection: wrong certificate, or ours was refused. */
        STORE_TLS(false),
        STORE_TIMEOUT(true),
        /** The connection ended before the answer did. */
        STORE_ANSWER_CUT(true),
        STORE_ANSWER_TOO_LARGE(false),
        /** An answer that is not as described, about something else, or with a status that has no meaning here. */
        STORE_ANSWER_INVALID(false),
        /** 401 or 403: the store does not accept our calls. */
        STORE_REFUSES_US(false),
        /** 429 or 5xx. */
        STORE_ERROR(true),
        /** Too many calls failed; none was made. */
        STORE_PAUSED(false),
        /** Too many calls are running; none was made. */
        STORE_BUSY(false);

        private final boolean mayPass;

        Kind(boolean mayPass) {
            this.mayPass = mayPass;
        }

        /** The code in logs and events. */
        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Kind kind;

    StoreFailure(Kind kind) {
        super(kind.code());
        this.kind = kind;
    }

    StoreFailure(Kind kind, Throwable cause) {
        super(kind.code(), cause);
        this.kind = kind;
    }

    /** Why a connection failed, or an answer could not be read. */
    static StoreFailure of(Exception failure) {
        if (failure instanceof RefusedAddress) {
            return new StoreFailure(Kind.STORE_ADDRESS_REFUSED, failure);
        }
        if (failure instanceof UnknownHostException) {
            return new StoreFailure(Kind.STORE_NAME_UNKNOWN, failure);
        }
        // A connection that takes too long is no time-out of an answer: nobody has heard of the call.
        if (failure instanceof ConnectException || failure instanceof ConnectTimeoutException) {
            return new StoreFailure(Kind.STORE_UNREACHABLE, failure);
        }
        if (failure instanceof InterruptedIOException || failure.getCause() instanceof InterruptedIOException) {
            return new StoreFailure(Kind.STORE_TIMEOUT, failure);
        }
        if (failure instanceof SSLException && !(failure.getCause() instanceof IOException)) {
            return new StoreFailure(Kind.STORE_TLS, failure);
        }
        if (failure instanceof MessageConstraintException) {
            return new StoreFailure(Kind.STORE_ANSWER_TOO_LARGE, failure);
        }
        if (failure instanceof ClientProtocolException) {
            return new StoreFailure(Kind.STORE_ANSWER_INVALID, failure);
        }
        return new StoreFailure(Kind.STORE_ANSWER_CUT, failure);
    }

    Kind kind() {
        return kind;
    }

    /** Whether the store is not there for anybody. */
    boolean isOutage() {
        return kind.mayPass;
    }

    /** Whether the next call may succeed; a time-out is worth another only where the answer matters more than the wait. */
    boolean mayPass(boolean change) {
        return kind.mayPass && (change || kind != Kind.STORE_TIMEOUT);
    }
}
