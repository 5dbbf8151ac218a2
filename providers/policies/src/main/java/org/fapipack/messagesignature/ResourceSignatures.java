package org.fapipack.messagesignature;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.executor.RulesInForce;
import org.fapipack.httpsignatures.AcceptSignature;
import org.fapipack.httpsignatures.Content;
import org.fapipack.httpsignatures.ContentDigest;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.NonceStore;
import org.fapipack.httpsignatures.RefusalReason;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.Verification;
import org.fapipack.replay.ReplayGuard;
import org.jboss.logging.Logger;
import org.keycloak.OAuthErrorException;
import org.keycloak.common.util.Time;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;

/**
 * A request with an access token to a resource that Keycloak itself serves, as far as signatures are concerned.
 *
 * @see "FAPI 2.0 Http Signatures, draft 01, clause 5.3"
 */
public final class ResourceSignatures {

    private static final Logger LOG = Logger.getLogger(ResourceSignatures.class);

    private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");

    private static final String DPOP = "DPoP";
    private static final String BEARER = "Bearer";

    private final KeycloakSession session;
    private final ClientModel client;
    private final HttpSignatureRules rules;
    private final HttpMessage request;
    private final ReceivedContent.State contentState;

    private ResourceSignatures(
            KeycloakSession session, ClientModel client, HttpSignatureRules rules, String targetUri) {
        ReceivedContent content = ReceivedContent.of(session);
        this.session = session;
        this.client = client;
        this.rules = rules;
        this.request = message(session.getContext().getHttpRequest(), targetUri, content.content());
        this.contentState = content.state();
    }

    /** Whether an enabled policy of the realm lists the executor. */
    public static boolean areInUse(KeycloakSession session) {
        return RealmPolicies.mention(session, session.getContext().getRealm(), HttpSignaturesExecutorFactory.ID);
    }

    /**
     * The current request.
     *
     * @param client the one that the access token was issued to
     * @param targetUri as the client sees it, octets as sent
     * @return empty when no policy with the executor holds for the client
     */
    public static Optional<ResourceSignatures> of(KeycloakSession session, ClientModel client, String targetUri) {
        return RulesInForce.find(session, client, HttpSignatureRules.class)
                .map(rules -> new ResourceSignatures(session, client, rules, targetUri));
    }

    private static HttpMessage message(HttpRequest received, String targetUri, Content content) {
        HttpMessage.Builder message =
                HttpMessage.request(received.getHttpMethod(), targetUri).content(content);
        received.getHttpHeaders()
                .getRequestHeaders()
                .forEach((name, values) -> values.forEach(value -> message.field(name, value)));
        return message.build();
    }

    /** Refuses more than one {@code Authorization} or {@code DPoP} line; to be asked before anybody relies on one of them. */
    public Optional<SignatureRefusal> ambiguity() {
        boolean several = List.of("authorization", "dpop").stream()
                .anyMatch(field -> request.values(field).size() > 1);
        return several && rules.requests() != HttpSignatureRules.Use.OFF
                ? Optional.of(refused(new Verification.Refused(
                        RefusalReason.AUTHORIZATION_AMBIGUOUS, "Authorization or DPoP has more than one line")))
                : Optional.empty();
    }

    /** Verifies the request; unless it is refused, its answer will be signed where the rules say so. */
    public Optional<SignatureRefusal> refusal() {
        boolean signed = request.has("signature") || request.has("signature-input");
        boolean verified = rules.requests().appliesWhere(signed);
        if (verified) {
            Optional<SignatureRefusal> refusal = signed ? contentRefusal().or(this::verify) : verify();
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        if (rules.responses().appliesWhere(signed || request.has(AcceptSignature.FIELD))) {
            if (!verified && !isDigestPrintable()) {
                return Optional.of(refused(new Verification.Refused(
                        RefusalReason.DIGEST_MALFORMED, "Content-Digest is not printable ASCII")));
            }
            // A signature that nobody looked at may be anything; the answer then speaks of the rest of the request.
            HttpMessage answered = rules.requests() == HttpSignatureRules.Use.OFF ? withoutSignatures() : request;
            new SignedAnswer(RealmSigner.of(session, rules.responseAlgorithm()), answered, clock()).keepWith(session);
        }
        return Optional.empty();
    }

    /** The answer's signature covers the request's digest; that it cannot be signed must be known before anything is done. */
    private boolean isDigestPrintable() {
        return request.values(ContentDigest.FIELD).stream()
                .allMatch(value -> PRINTABLE.matcher(value).matches());
    }

    private HttpMessage withoutSignatures() {
        HttpMessage.Builder message = HttpMessage.request(
                        request.method().orElseThrow(), request.targetUri().orElseThrow())
                .content(request.content());
        request.fields().stream()
                .filter(line -> !line.name().equalsIgnoreCase("signature")
                        && !line.name().equalsIgnoreCase("signature-input"))
                .forEach(line -> message.field(line.name(), line.value()));
        return message.build();
    }

    private Optional<SignatureRefusal> contentRefusal() {
        return switch (contentState) {
            case COMPLETE -> Optional.empty();
            case TOO_LARGE ->
                Optional.of(refused(
                        Response.Status.REQUEST_ENTITY_TOO_LARGE.getStatusCode(),
                        "content_too_large",
                        "the body may have " + ReceivedContent.MAX_OCTETS + " bytes"));
            case UNREAD ->
                Optional.of(refused(
                        Response.Status.BAD_REQUEST.getStatusCode(),
                        "content_not_verifiable",
                        "a signed request must not have a form as its body"));
        };
    }

    private Optional<SignatureRefusal> verify() {
        ReplayGuard guard = new ReplayGuard(session, "http-signature");
        Clock clock = clock();
        NonceStore nonces = (thumbprint, nonce, until) ->
                guard.isFirstUse(client.getId(), thumbprint + '\n' + nonce, Duration.between(clock.instant(), until));
        RequestVerifier verifier =
                new RequestVerifier(rules.policy(), new RegisteredKeyVerifier(session), clock, nonces);
        ClientSignatureKeys keys = new ClientSignatureKeys(session, client);
        Verification verification = verifier.verify(request, keys.all());
        if (verification instanceof Verification.Refused refused
                && refused.reason() == RefusalReason.KEY_UNKNOWN
                && keys.reload()) {
            verification = verifier.verify(request, keys.all());
        }
        return verification instanceof Verification.Refused refused ? Optional.of(refused(refused)) : Optional.empty();
    }

    private SignatureRefusal refused(Verification.Refused refused) {
        LOG.infof(
                "A request of client %s is refused for its signature: %s, %s",
                client.getClientId(), refused.reason().code(), refused.detail());
        return refused(
                refused.reason().status(),
                refused.reason().code(),
                refused.reason().description());
    }

    private SignatureRefusal refused(int status, String reason, String description) {
        String challenge = "%s error=\"%s\", error_description=\"%s\""
                .formatted(scheme(), OAuthErrorException.INVALID_REQUEST, description);
        Response.ResponseBuilder answer = Response.status(status)
                .header(HttpHeaders.WWW_AUTHENTICATE, challenge)
                .header(AcceptSignature.FIELD, AcceptSignature.forNext(request).toString())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(Map.of("error", OAuthErrorException.INVALID_REQUEST, "error_description", description));
        return new SignatureRefusal(answer.build(), client, OAuthErrorException.INVALID_REQUEST, reason);
    }

    private String scheme() {
        return request.values("authorization").stream().anyMatch(value -> value.regionMatches(true, 0, "dpop ", 0, 5))
                ? DPOP
                : BEARER;
    }

    private static Clock clock() {
        return Clock.fixed(Instant.ofEpochMilli(Time.currentTimeMillis()), ZoneOffset.UTC);
    }
}
