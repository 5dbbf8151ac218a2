package org.fapipack.httpsignatures.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.Charset;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fapipack.httpsignatures.AcceptSignature;
import org.fapipack.httpsignatures.ContentDigest;
import org.fapipack.httpsignatures.ContentDigester;
import org.fapipack.httpsignatures.DigestAlgorithm;
import org.fapipack.httpsignatures.Evidence;
import org.fapipack.httpsignatures.FieldLine;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.HttpSignatureException;
import org.fapipack.httpsignatures.MessageSignature;
import org.fapipack.httpsignatures.RefusalReason;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.ResponseSigner;
import org.fapipack.httpsignatures.Verification;
import org.fapipack.httpsignatures.VerificationKeys;

/**
 * Verifies the requests of a resource server and signs its answers. Immutable and safe for concurrent use.
 *
 * <p>The server's own check of the access token comes first: it says which client's keys count. What is refused here is logged with its reason;
 * the sender learns little of it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-3.2">RFC 9421 section 3.2</a>, and FAPI 2.0 Http Signatures, draft 01, clause 5.3
 */
public final class MessageGuard {

    /** 1 MiB: API calls are small, and each one under way may take this much memory. */
    public static final int DEFAULT_MAX_OCTETS = 1 << 20;

    private static final Logger LOG = System.getLogger(MessageGuard.class.getName());

    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\\s\";]+)", Pattern.CASE_INSENSITIVE);

    private final String publicBaseUrl;
    private final RequestVerifier verifier;
    private final ClientKeys clients;
    private final ResponseSigner signer;
    private final Mode mode;
    private final int maxRequestOctets;
    private final int maxResponseOctets;
    private final Consumer<Evidence> evidence;

    private MessageGuard(Builder settings) {
        publicBaseUrl = settings.publicBaseUrl;
        verifier = settings.verifier;
        clients = settings.clients;
        signer = settings.signer;
        mode = settings.mode;
        maxRequestOctets = settings.maxRequestOctets;
        maxResponseOctets = settings.maxResponseOctets;
        evidence = settings.evidence;
    }

    /**
     * Begins the settings.
     *
     * @param publicBaseUrl what clients write before the request target that arrives here: scheme, host, port unless it is the default, and the
     *     prefix that a proxy takes away; without final slash, query and fragment. Forwarded headers never count
     * @throws IllegalArgumentException when it is no such URL
     */
    public static Builder at(String publicBaseUrl) {
        URI uri = URI.create(publicBaseUrl);
        if (!("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || publicBaseUrl.endsWith("/")) {
            throw new IllegalArgumentException(
                    "the public base URL is an http or https URL without user, query, fragment and final slash: "
                            + publicBaseUrl);
        }
        return new Builder(publicBaseUrl);
    }

    /** What is asked of requests. */
    public Mode mode() {
        return mode;
    }

    /** For a readiness probe. */
    public Readiness readiness() {
        return new Readiness(mode);
    }

    /** Most octets of a request's content; above it the answer is 413. */
    public int maxRequestOctets() {
        return maxRequestOctets;
    }

    /** Most octets of an answer's content. */
    public int maxResponseOctets() {
        return maxResponseOctets;
    }

    /**
     * The target URI as the client has to have signed it.
     *
     * @param requestTarget path and query, octets as they arrived: neither decoded nor normalised
     */
    public String targetUri(String requestTarget) {
        return publicBaseUrl + requestTarget;
    }

    /**
     * Reads a request's content to its end, digesting it on the way.
     *
     * @param request with its fields
     * @param content after transfer coding, before content coding
     * @return the octets, for whoever handles the request, and the request with their digests
     * @throws ContentDigester.ContentTooLongException above the limit; not much more than the limit was read. {@link #tooLong} has the answer
     */
    public ReceivedRequest receive(HttpMessage request, InputStream content) throws IOException {
        ContentDigester digester = new ContentDigester(algorithms(request), maxRequestOctets);
        byte[] octets = digester.reading(content).readAllBytes();
        return new ReceivedRequest(
                request.toBuilder().content(digester.content()).build(), octets);
    }

    /** None for a field that is absent or does not parse: verifying refuses that with its reason. */
    private static Set<DigestAlgorithm> algorithms(HttpMessage request) {
        try {
            return ContentDigest.algorithms(request.values(ContentDigest.FIELD));
        } catch (HttpSignatureException absentOrMalformed) {
            return Set.of();
        }
    }

    /**
     * A request that was read.
     *
     * @param message the request with the digests of its content
     * @param octets the content, not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record ReceivedRequest(HttpMessage message, byte[] octets) {}

    /**
     * What can be said before a request's content is read, so that nobody without a good access token makes the server keep any.
     *
     * @param request with its fields
     * @param clientId as for {@link #decide}
     * @return empty when the content has to be read
     */
    public Optional<Decision.Refused> refusalBeforeContent(HttpMessage request, Optional<String> clientId) {
        boolean isSigned = request.has("signature") || request.has("signature-input");
        if (mode == Mode.OFF || (mode == Mode.ACCEPTED && !isSigned)) {
            return Optional.empty();
        }
        if (request.values("authorization").size() > 1 || request.values("dpop").size() > 1) {
            return Optional.of(refused(
                    request, RefusalReason.AUTHORIZATION_AMBIGUOUS, "more than one line of Authorization or DPoP"));
        }
        return clientId.isEmpty()
                ? Optional.of(refused(request, 401, "invalid_token", "invalid_token", "no access token that is good"))
                : Optional.empty();
    }

    /**
     * Decides on a request.
     *
     * @param request as received, with its content or the digests of it
     * @param clientId the client that the access token was issued to; empty when the request has no token that is good
     */
    public Decision decide(HttpMessage request, Optional<String> clientId) {
        boolean isSigned = request.has("signature") || request.has("signature-input");
        if (mode == Mode.OFF) {
            return new Decision.Passed(List.of());
        }
        if (mode == Mode.ACCEPTED && !isSigned) {
            return unsigned(request);
        }
        Optional<Decision.Refused> early = refusalBeforeContent(request, clientId);
        if (early.isPresent()) {
            return early.get();
        }
        try {
            return verified(request, clientId.get());
        } catch (IOException unreachable) {
            LOG.log(Level.ERROR, "the keys of a client cannot be found out", unreachable);
            return new Decision.Refused(
                    503, plain(), "{\"error\":\"temporarily_unavailable\"}", "client_keys_unavailable");
        }
    }

    /** The answer's signature covers the request's digest, so that has to be something that can be signed. */
    private static Decision unsigned(HttpMessage request) {
        if (namesUnknownCharset(request)) {
            return unknownCharset();
        }
        if (request.values(ContentDigest.FIELD).stream().allMatch(value -> value.matches("[ -~]*"))) {
            return new Decision.Passed(List.of());
        }
        String reason = RefusalReason.DIGEST_MALFORMED.code();
        LOG.log(Level.INFO, "refused: {0}: Content-Digest is not printable ASCII", reason);
        return new Decision.Refused(400, plain(), error("invalid_request", reason), reason);
    }

    /** Containers and frameworks fail when they are to read it as characters: the client's mistake would be answered as one of the server. */
    private static boolean namesUnknownCharset(HttpMessage request) {
        return request.values("content-type").stream()
                .map(CHARSET::matcher)
                .filter(Matcher::find)
                .anyMatch(charset -> !isKnown(charset.group(1)));
    }

    private static boolean isKnown(String charset) {
        try {
            return Charset.isSupported(charset);
        } catch (IllegalArgumentException noNameOfACharset) {
            return false;
        }
    }

    private static Decision.Refused unknownCharset() {
        LOG.log(Level.INFO, "refused: charset_unknown: Content-Type names a charset that is not known here");
        return new Decision.Refused(415, plain(), error("invalid_request", "charset_unknown"), "charset_unknown");
    }

    private Decision verified(HttpMessage request, String clientId) throws IOException {
        VerificationKeys keys = clients.of(clientId);
        Verification verification = verifier.verify(request, keys);
        if (verification instanceof Verification.Refused refused && refused.reason() == RefusalReason.KEY_UNKNOWN) {
            VerificationKeys newer = clients.refreshed(clientId);
            if (newer != keys) {
                verification = verifier.verify(request, newer);
            }
        }
        if (verification instanceof Verification.Refused refused) {
            return refused(request, refused.reason(), refused.detail());
        }
        if (namesUnknownCharset(request)) {
            return unknownCharset();
        }
        List<Evidence> proofs = ((Verification.Accepted) verification).evidence();
        proofs.forEach(evidence);
        return new Decision.Passed(proofs);
    }

    private static Decision.Refused refused(HttpMessage request, RefusalReason reason, String detail) {
        if (reason.status() == 401) {
            return refused(request, 401, "invalid_request", reason.code(), reason.description(), detail);
        }
        LOG.log(Level.INFO, "refused: {0}: {1}", reason.code(), detail);
        return new Decision.Refused(
                reason.status(), plain(), error("invalid_request", reason.description()), reason.code());
    }

    private static Decision.Refused refused(
            HttpMessage request, int status, String error, String reason, String detail) {
        return refused(request, status, error, reason, reason, detail);
    }

    private static Decision.Refused refused(
            HttpMessage request, int status, String error, String reason, String description, String detail) {
        LOG.log(Level.INFO, "refused: {0}: {1}", reason, detail);
        boolean dpop = request.values("authorization").stream()
                .anyMatch(value -> value.strip().regionMatches(true, 0, "DPoP ", 0, 5));
        List<FieldLine> fields = plain();
        fields.add(new FieldLine(
                "WWW-Authenticate",
                "%s error=\"%s\", error_description=\"%s\"".formatted(dpop ? "DPoP" : "Bearer", error, description)));
        fields.add(new FieldLine(
                AcceptSignature.FIELD, AcceptSignature.forNext(request).toString()));
        return new Decision.Refused(status, fields, error(error, description), reason);
    }

    /** The answer to a request whose content is above the limit. */
    public Decision.Refused tooLong() {
        LOG.log(Level.INFO, "refused: content_too_long: more than {0} octets", maxRequestOctets);
        List<FieldLine> fields = plain();
        fields.add(new FieldLine("Connection", "close"));
        return new Decision.Refused(413, fields, error("invalid_request", "content_too_long"), "content_too_long");
    }

    /**
     * Signs an answer.
     *
     * @param response as it will be sent, with its content and the request as received
     * @return the lines to add before it is sent
     * @throws SigningException when it cannot be signed; it must not be sent. Is logged already; the answer is 500
     */
    public List<FieldLine> sign(HttpMessage response) throws SigningException {
        try {
            MessageSignature signature = signer.sign(response);
            return signature.fields();
        } catch (HttpSignatureException | GeneralSecurityException failed) {
            LOG.log(Level.ERROR, "an answer cannot be signed", failed);
            throw new SigningException(failed);
        }
    }

    /** An answer that is not to be sent, because it cannot be signed. */
    public static final class SigningException extends Exception {
        private static final long serialVersionUID = 1L;

        SigningException(Exception cause) {
            super("the answer cannot be signed", cause);
        }
    }

    private static List<FieldLine> plain() {
        List<FieldLine> fields = new ArrayList<>();
        fields.add(new FieldLine("Content-Type", "application/json"));
        fields.add(new FieldLine("Cache-Control", "no-store"));
        return fields;
    }

    private static String error(String error, String description) {
        return "{\"error\":\"%s\",\"error_description\":\"%s\"}".formatted(error, description);
    }

    /** Collects the settings; not thread-safe. */
    public static final class Builder {
        private final String publicBaseUrl;
        private RequestVerifier verifier;
        private ClientKeys clients;
        private ResponseSigner signer;
        private Mode mode = Mode.REQUIRED;
        private int maxRequestOctets = DEFAULT_MAX_OCTETS;
        private int maxResponseOctets = DEFAULT_MAX_OCTETS;
        private Consumer<Evidence> evidence = proof -> {};

        private Builder(String publicBaseUrl) {
            this.publicBaseUrl = publicBaseUrl;
        }

        /** How requests are verified, and with whose keys. */
        public Builder verifying(RequestVerifier requests, ClientKeys keys) {
            verifier = requireNonNull(requests, "requests");
            clients = requireNonNull(keys, "keys");
            return this;
        }

        /** How answers are signed. */
        public Builder signing(ResponseSigner responses) {
            signer = requireNonNull(responses, "responses");
            return this;
        }

        /** {@link Mode#REQUIRED} unless set. */
        public Builder mode(Mode value) {
            mode = requireNonNull(value, "mode");
            return this;
        }

        /** Most octets of a request's content; {@link #DEFAULT_MAX_OCTETS} unless set; not negative. */
        public Builder maxRequestOctets(int octets) {
            maxRequestOctets = notNegative(octets);
            return this;
        }

        /** Most octets of an answer's content; {@link #DEFAULT_MAX_OCTETS} unless set; not negative. */
        public Builder maxResponseOctets(int octets) {
            maxResponseOctets = notNegative(octets);
            return this;
        }

        /** Told the evidence of each accepted request in its thread; when that throws, the request is not handed on. */
        public Builder keeping(Consumer<Evidence> keeper) {
            evidence = requireNonNull(keeper, "keeper");
            return this;
        }

        /** The guard. @throws IllegalStateException when it is not said how to verify or how to sign, unless the mode is {@link Mode#OFF} */
        public MessageGuard build() {
            if (mode != Mode.OFF && (verifier == null || signer == null)) {
                throw new IllegalStateException("say how to verify and how to sign, or switch both off");
            }
            if (mode == Mode.OFF) {
                LOG.log(Level.WARNING, "HTTP signatures are switched off: no request is verified, no answer is signed");
            }
            return new MessageGuard(this);
        }

        private static int notNegative(int octets) {
            if (octets < 0) {
                throw new IllegalArgumentException("a limit is not negative");
            }
            return octets;
        }
    }
}
