package org.fapipack.httpsignatures;

import java.util.List;

/** What came out of verifying a message. */
public sealed interface Verification {

    /** Whether the message was accepted. */
    default boolean isAccepted() {
        return this instanceof Accepted;
    }

    /**
     * The message keeps all rules of the profile.
     *
     * @param evidence for each signature that was verified; at least one
     */
    record Accepted(List<Evidence> evidence) implements Verification {
        public Accepted {
            evidence = List.copyOf(evidence);
        }
    }

    /**
     * The message is not to be used.
     *
     * @param reason why; the first rule it breaks
     * @param detail for the log: repeats no value of the message but names of components and labels
     */
    record Refused(RefusalReason reason, String detail) implements Verification {

        /**
         * The value of {@code WWW-Authenticate} for an answer with status 401; there is no scheme of its own for signatures.
         *
         * @param scheme the scheme of the access token, {@code Bearer} or {@code DPoP}
         */
        public String challenge(String scheme) {
            return "%s error=\"invalid_request\", error_description=\"%s\"".formatted(scheme, reason.description());
        }
    }
}
