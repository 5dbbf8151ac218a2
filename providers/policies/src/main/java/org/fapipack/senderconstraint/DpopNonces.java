package org.fapipack.senderconstraint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.keycloak.crypto.Algorithm;
import org.keycloak.crypto.KeyUse;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Nonces for DPoP proofs: a keyed hash over a slice of time, so that any node knows them without storing one. The key is the realm's own
 * HMAC key, which Keycloak keeps and rotates; the nonces of authorization server and resource server differ.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9449.html#section-8">RFC 9449 section 8 and 9</a>
 */
final class DpopNonces {

    private static final String MAC = "HmacSHA256";

    /** Octets; 128 bits that nobody guesses. */
    private static final int LENGTH = 16;

    private final byte[] label;
    private final SecretKey key;
    private final long slice;
    private final Duration lifetime;

    /** @param role who hands the nonce out: {@code as} or {@code rs} */
    DpopNonces(KeycloakSession session, String role, Duration lifetime, Instant now) {
        RealmModel realm = session.getContext().getRealm();
        this.label = ("fapi-dpop-nonce\n" + role + '\n' + realm.getId()).getBytes(UTF_8);
        this.key =
                session.keys().getActiveKey(realm, KeyUse.SIG, Algorithm.HS512).getSecretKey();
        this.lifetime = lifetime;
        this.slice = now.getEpochSecond() / lifetime.toSeconds();
    }

    /** The nonce to hand out now. */
    String current() {
        return nonce(slice);
    }

    /** Whether it was handed out in this slice of time or the last. */
    boolean isGood(String nonce) {
        return LongStream.of(slice, slice - 1)
                .anyMatch(known -> MessageDigest.isEqual(nonce(known).getBytes(UTF_8), nonce.getBytes(UTF_8)));
    }

    private String nonce(long which) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            mac.update(label);
            byte[] digest = mac.doFinal(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(lifetime.toSeconds())
                    .putLong(which)
                    .array());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, LENGTH));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
