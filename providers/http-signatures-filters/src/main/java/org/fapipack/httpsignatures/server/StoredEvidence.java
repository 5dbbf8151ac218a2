package org.fapipack.httpsignatures.server;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.fapipack.httpsignatures.Content;
import org.fapipack.httpsignatures.Evidence;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.JoseAlgorithm;
import org.fapipack.httpsignatures.MessageVerifier;
import org.fapipack.httpsignatures.RefusalReason;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.ResponseVerifier;
import org.fapipack.httpsignatures.Verification;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.VerificationPolicy;

/**
 * Evidence as {@link EvidenceFolder} kept it, to be verified again by whoever doubts it. Immutable.
 *
 * <p>The message is put together from what was kept and goes through all checks of a message that just arrived, at the time it was verified first.
 * That time and the key stand only in the file: compare {@link #keyThumbprint} with a key that the signer registered.
 */
public final class StoredEvidence {

    private final Map<String, ?> kept;
    private final Map<String, String> secrets;

    private StoredEvidence(Map<String, ?> kept, Map<String, String> secrets) {
        this.kept = kept;
        this.secrets = secrets;
    }

    /**
     * What a file says.
     *
     * @param json the object in the file, read by the library of your choice: Strings, numbers, Lists and Maps
     */
    public static StoredEvidence of(Map<String, ?> json) {
        return new StoredEvidence(requireNonNull(json, "json"), Map.of());
    }

    /** The same with values of {@code Authorization} and {@code DPoP} whose hashes may stand in the file; others do no harm. */
    public StoredEvidence withValues(Collection<String> values) {
        Map<String, String> all = new HashMap<>(secrets);
        values.forEach(value -> all.put(EvidenceFolder.hash(value.strip()), value.strip()));
        return new StoredEvidence(kept, all);
    }

    /**
     * The hashes whose values are still needed: without them no signature over them can be verified.
     *
     * @throws IllegalArgumentException when the file is no evidence
     */
    public Set<String> missingValues() {
        Set<String> missing = new TreeSet<>();
        HttpMessage message = message();
        missingOf(message, missing);
        message.request().ifPresent(request -> missingOf(request, missing));
        return missing;
    }

    private static void missingOf(HttpMessage message, Set<String> missing) {
        for (String field : EvidenceFolder.SECRET_FIELDS) {
            message.values(field).stream().filter(EvidenceFolder::isHash).forEach(missing::add);
        }
    }

    /**
     * When it was verified first, by the clock of whoever kept it.
     *
     * @throws IllegalArgumentException when the file is no evidence
     */
    public Instant verifiedAt() {
        try {
            return Instant.parse(text(kept, "verified_at"));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("verified_at is no time", e);
        }
    }

    /**
     * The thumbprint (RFC 7638, SHA-256, base64url) of the key that the signature is of.
     *
     * @throws IllegalArgumentException when the file is no evidence
     */
    public String keyThumbprint() {
        return text(kept, "key_thumbprint");
    }

    /**
     * The message, for an answer with its request, with the values that are known.
     *
     * @throws IllegalArgumentException when the file is no evidence
     */
    public HttpMessage message() {
        return message(object(kept, "message"));
    }

    /**
     * Verifies the message and what the file says of its signature. Content that was not kept counts as changed.
     *
     * @param policy what was accepted then; not null
     * @throws IllegalArgumentException when the file is no evidence
     */
    public Verification verify(VerificationPolicy policy, MessageVerifier signatures) {
        HttpMessage message = message();
        Clock then = Clock.fixed(verifiedAt(), ZoneOffset.UTC);
        Verification verification = message.isRequest()
                ? new RequestVerifier(policy, signatures, then).verify(message, key())
                : new ResponseVerifier(policy, signatures, then).verify(message, key());
        if (verification instanceof Verification.Accepted accepted
                && accepted.evidence().stream().noneMatch(this::isWhatWasKept)) {
            return new Verification.Refused(
                    RefusalReason.SIGNATURE_INVALID, "the file says something else of the signature than the message");
        }
        return verification;
    }

    private boolean isWhatWasKept(Evidence again) {
        Map<String, Object> said = EvidenceFolder.minimised(again);
        return List.of("signature", "signature_input", "signature_base", "key_thumbprint", "algorithm").stream()
                .allMatch(name -> said.get(name).equals(kept.get(name)));
    }

    private VerificationKeys key() {
        Map<String, Object> jwk = new LinkedHashMap<>();
        object(kept, "key").forEach((name, value) -> jwk.put((String) name, value));
        if (kept.get("key_id") instanceof String keyId) {
            jwk.put("kid", keyId);
        }
        JoseAlgorithm.ofJoseName(text(kept, "algorithm")).ifPresent(algorithm -> jwk.put("alg", algorithm.joseName()));
        return VerificationKeys.ofJwks(List.of(jwk));
    }

    private HttpMessage message(Map<?, ?> map) {
        HttpMessage.Builder message;
        if (map.get("status") instanceof Number status) {
            message = HttpMessage.response(status.intValue(), message(object(map, "request")));
        } else {
            message = HttpMessage.request(text(map, "method"), text(map, "target_uri"));
        }
        if (!(map.get("fields") instanceof List<?> lines)) {
            throw new IllegalArgumentException("fields is missing");
        }
        for (Object line : lines) {
            if (!(line instanceof List<?> pair
                    && pair.size() == 2
                    && pair.get(0) instanceof String name
                    && pair.get(1) instanceof String value)) {
                throw new IllegalArgumentException("a line of fields is no pair of texts");
            }
            message.field(name, EvidenceFolder.isSecret(name) ? secrets.getOrDefault(value, value) : value);
        }
        return message.content(content(map)).build();
    }

    private static Content content(Map<?, ?> map) {
        if (map.get("content") instanceof String octets) {
            return Content.of(Base64.getDecoder().decode(octets));
        }
        Optional<Number> length = Optional.ofNullable(map.get("content_length"))
                .filter(Number.class::isInstance)
                .map(Number.class::cast);
        return length.filter(octets -> octets.longValue() > 0)
                .map(octets -> Content.digested(octets.longValue(), Map.of()))
                .orElse(Content.empty());
    }

    private static Map<?, ?> object(Map<?, ?> map, String name) {
        if (map.get(name) instanceof Map<?, ?> object) {
            return object;
        }
        throw new IllegalArgumentException(name + " is missing");
    }

    private static String text(Map<?, ?> map, String name) {
        if (map.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(name + " is missing");
    }
}
