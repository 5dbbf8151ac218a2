package org.fapipack.consent;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentReport;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.core.consent.ConsentVerdict;
import org.keycloak.models.ClientModel;
import org.keycloak.models.UserModel;
import org.keycloak.provider.Provider;

/**
 * Keeps the consents of some clients outside of this server. What it says is the truth; here is a copy, so that history, pages and tokens need
 * not ask each time. Of other clients, whose consents are kept here, it judges each new consent, and no more. {@link Consents} asks it; nobody
 * else should.
 *
 * <p>Every method but {@link #keeps} and {@link #judges} may throw {@link ConsentsUnavailable}: then nothing is known, and nothing may be allowed.
 */
public interface ConsentSource extends Provider {

    /** When tokens are checked against the source, besides at the customer's decision. */
    enum TokenCheck {
        NEVER,
        /** When tokens are made, from a code or a refresh token. */
        ISSUE,
        /** Then, and when somebody asks whether a token is good. */
        USE
    }

    /** Whether it keeps the consents of the client. */
    boolean keeps(ClientModel client);

    /** Whether it judges new consents of the client, which are kept here. */
    boolean judges(ClientModel client);

    /**
     * Asks it whether a client that it {@linkplain #judges} consents of may lodge this one. Changes nothing there.
     *
     * @param body as it is to be kept
     * @param interactionId of the client's request, where it has one
     */
    ConsentVerdict validate(ClientModel client, ConsentType type, String body, Optional<String> interactionId);

    /** When the tokens of a client that it {@linkplain #keeps} consents of are checked. */
    TokenCheck tokenCheck(ClientModel client);

    /** What it says of a consent; empty when it knows none of that id and client. */
    Optional<ConsentReport> fetch(ClientModel client, List<ConsentType> types, String id);

    /**
     * Tells it that a customer agrees.
     *
     * @param version that the customer saw
     * @return the consent in force; empty when the customer cannot agree to it, or not any more
     */
    Optional<ConsentReport> authorise(
            ClientModel client, ConsentType type, String id, String version, UserModel customer, Set<String> accounts);

    /**
     * Tells it that a consent ends.
     *
     * @param to {@link ConsentState#REJECTED} or {@link ConsentState#REVOKED}
     * @param version that was seen
     * @return the consent as it is then; empty when it cannot end so
     */
    Optional<ConsentReport> end(
            ClientModel client, ConsentType type, String id, String version, ConsentState to, ConsentActor by);

    /** By what name it knows this server, which has the address of the current request in it. */
    String caller();

    /**
     * The same source for work outside of a request.
     *
     * @param caller as it was in the request that the work is for
     */
    ConsentSource as(String caller);

    /** The user here who is the customer there, if there is exactly one. */
    Optional<UserModel> customer(ClientModel client, String named);

    @Override
    default void close() {
        // nothing to release
    }
}
