package org.fapipack.fuzz;

import java.util.List;
import org.fapipack.testkit.jose.JwtDraft;

/**
 * Who sends what, and what is wrong with it. Holds no request: those are made when they are sent, for they age within seconds.
 *
 * @param place the JWT that is spoilt
 * @param changes what is done to the finished request
 */
record Attempt(Sender sender, Place place, Change<JwtDraft, String> jwt, List<Change<Message, Message>> changes) {

    /** Somebody who cannot authenticate is a sender, too. */
    enum Sender {
        DPOP_CLIENT,
        MTLS_CLIENT,
        STRANGER
    }

    /** Which JWT of a request. */
    enum Place {
        NONE,
        CLIENT_ASSERTION,
        DPOP_PROOF,
        TOKEN
    }

    /** The JWT of this place, spoilt if it is the one. */
    String jwt(Place here, JwtDraft correct) {
        return here == place ? jwt.apply(correct) : correct.compact();
    }

    Message spoil(Message correct) {
        Message message = correct;
        for (Change<Message, Message> change : changes) {
            message = change.apply(message);
        }
        return message;
    }

    @Override
    public String toString() {
        return sender
                + (place == Place.NONE ? "" : ", " + place + " with " + jwt)
                + (changes.isEmpty() ? "" : ", " + changes);
    }
}
