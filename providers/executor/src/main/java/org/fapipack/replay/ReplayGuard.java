package org.fapipack.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Base64;
import org.keycloak.crypto.JavaAlgorithm;
import org.keycloak.jose.jws.crypto.HashUtils;
import org.keycloak.models.KeycloakSession;

/**
 * Remembers the identifiers of one kind of thing that a realm accepts once, each in the name of its owner, so that nobody can use up what is
 * somebody else's.
 */
public final class ReplayGuard {

    /** A node whose clock is behind takes a thing for alive that is dead by the clock of the node that saw its first use. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(10);

    private final KeycloakSession session;
    private final String purpose;

    /** @param purpose keeps kinds apart, for example {@code client-assertion} */
    public ReplayGuard(KeycloakSession session, String purpose) {
        this.session = session;
        this.purpose = purpose;
    }

    /**
     * Whether this is the first use, atomically and for all nodes, as long as their clocks differ by no more than ten seconds.
     *
     * @param owner the client's internal id, or the thumbprint of a key
     * @param id what its owner called it
     * @param life how long it could be used again by the clock of this node, not negative
     */
    public boolean isFirstUse(String owner, String id, Duration life) {
        String realmId = session.getContext().getRealm().getId();
        byte[] digest = HashUtils.hash(
                JavaAlgorithm.SHA256, String.join("\n", realmId, owner, id).getBytes(UTF_8));
        // A fraction of a second must not end the memory before the life.
        long seconds = life.plus(CLOCK_DIFFERENCE).plusMillis(999).toSeconds();
        return session.singleUseObjects()
                .putIfAbsent(
                        "fapi." + purpose + '.'
                                + Base64.getUrlEncoder().withoutPadding().encodeToString(digest),
                        seconds);
    }
}
