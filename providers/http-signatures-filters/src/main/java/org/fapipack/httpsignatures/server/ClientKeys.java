package org.fapipack.httpsignatures.server;

import java.io.IOException;
import org.fapipack.httpsignatures.VerificationKeys;

/**
 * The registered keys of clients: the {@code jwks}, or what {@code jwks_uri} has. Safe for concurrent use.
 *
 * <p>A DPoP key is none of them: it is registered nowhere, so it proves nothing to a third party.
 */
@FunctionalInterface
public interface ClientKeys {

    /**
     * The keys of one client, and of nobody else: two clients may use the same {@code kid}.
     *
     * @param clientId the client that the access token was issued to, by an introspection or a token that was verified
     * @return none for a client without keys; not null
     * @throws IOException when it cannot be found out at present; the request is answered with 503
     */
    VerificationKeys of(String clientId) throws IOException;

    /**
     * The keys as they are now, asked for when a signature names a key that {@link #of} did not have. Has to limit how often it looks.
     *
     * @return what {@link #of} has when there is nothing newer
     * @throws IOException as {@link #of}
     */
    default VerificationKeys refreshed(String clientId) throws IOException {
        return of(clientId);
    }
}
