package org.fapipack.senderconstraint;

import static org.fapipack.senderconstraint.SenderConstraintExecutorFactory.DPOP;
import static org.fapipack.senderconstraint.SenderConstraintExecutorFactory.MUTUAL_TLS;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fapipack.core.dpop.DpopProofDefect;
import org.fapipack.core.dpop.DpopProofRules;
import org.fapipack.core.dpop.TargetUri;
import org.fapipack.core.jose.CompactJws;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.executor.RulesInForce;
import org.fapipack.session.SessionView;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.common.util.Time;
import org.keycloak.http.HttpRequest;
import org.keycloak.jose.jws.crypto.HashUtils;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;
import org.keycloak.services.util.MtlsHoKTokenUtil;

/** What {@link SenderConstraintExecutor} demands of one client's request, checked before Keycloak's own check. */
public final class SenderConstraint {

    /** RFC 9449 section 8.1. */
    private static final String NONCE_HEADER = "DPoP-Nonce";

    private static final String USE_DPOP_NONCE = "use_dpop_nonce";
    private static final String STAYS_HERE = SenderConstraint.class.getName() + ".stays-here";
    private static final String AUTHORIZATION_SERVER = "as";
    private static final String RESOURCE_SERVER = "rs";

    private final KeycloakSession session;
    private final ClientModel client;
    private final SenderConstraintRules rules;
    private final boolean dpop;
    private final boolean mutualTls;
    private final Instant now = Instant.ofEpochMilli(Time.currentTimeMillis());

    private SenderConstraint(KeycloakSession session, ClientModel client, SenderConstraintRules rules) {
        OIDCAdvancedConfigWrapper registered = OIDCAdvancedConfigWrapper.fromClientModel(client);
        this.session = session;
        this.client = client;
        this.rules = rules;
        this.dpop = registered.isUseDPoP() && rules.methods().contains(DPOP);
        this.mutualTls = registered.isUseMtlsHokToken() && rules.methods().contains(MUTUAL_TLS);
    }

    /**
     * The session to hand to a Keycloak endpoint that checks the DPoP proof of this request itself. It knows what {@code SenderConstraint} has
     * found good before: the signature, and another spelling of the address of the request, where the proof has one. The given session
     * where there is no proof, and in a realm that has not opted in.
     */
    public static KeycloakSession forProof(KeycloakSession session) {
        List<String> proofs = dpopHeaders(session);
        return proofs.isEmpty()
                        || !RealmPolicies.of(session, session.getContext().getRealm())
                                .haveOptedIn()
                ? session
                : VerifiedSignature.knownTo(asSpelt(session, proofs.get(0)));
    }

    private static KeycloakSession asSpelt(KeycloakSession session, String compact) {
        String address = session.getContext().getUri().getAbsolutePath().toString();
        return CompactJws.read(compact)
                .map(proof -> proof.claims().path("htu").asText())
                .filter(htu -> !htu.equals(address) && TargetUri.normalized(htu).isPresent())
                .filter(htu -> TargetUri.normalized(htu).equals(TargetUri.normalized(address)))
                .map(htu -> SessionView.withContext(
                        session,
                        "getUri",
                        new RequestAddress(
                                session, session.getContext().getUri().getDelegate(), URI.create(htu))))
                .orElse(session);
    }

    /** The demands on a client; empty when it has not opted in. */
    public static Optional<SenderConstraint> of(KeycloakSession session, ClientModel client) {
        return RulesInForce.find(session, client, SenderConstraintRules.class)
                .map(rules -> new SenderConstraint(session, client, rules));
    }

    /** The algorithms a proof may be signed with, for a {@code WWW-Authenticate} header. */
    public List<String> algorithms() {
        return rules.proofs().algorithms();
    }

    /** The first defect of a request whose answer may bind a code to a key: a proof is not needed, but a good one if there. */
    public Optional<SenderConstraintDefect> firstDefectAtPar() {
        return dpopHeaders(session).isEmpty() ? Optional.empty() : proofDefect(AUTHORIZATION_SERVER, Optional.empty());
    }

    /** The first defect of a request for tokens. */
    public Optional<SenderConstraintDefect> firstDefectAtToken() {
        if (!dpop && !mutualTls) {
            return defect(
                    OAuthErrorException.INVALID_REQUEST,
                    "no_method_registered",
                    "the client has registered no way to bind its tokens that is allowed");
        }
        if (dpop) {
            Optional<SenderConstraintDefect> proof = proofDefect(AUTHORIZATION_SERVER, Optional.empty());
            if (proof.isPresent()) {
                return proof;
            }
        } else if (!dpopHeaders(session).isEmpty()) {
            // Keycloak would bind the token to the key and then overwrite that with the certificate.
            return defect(
                    OAuthErrorException.INVALID_DPOP_PROOF,
                    "dpop_not_registered",
                    "the client has registered for tokens bound to its certificate, not for DPoP");
        }
        return mutualTls && MtlsHoKTokenUtil.bindTokenWithClientCertificate(request(), session) == null
                ? defect(
                        OAuthErrorException.INVALID_REQUEST,
                        "certificate_missing",
                        "a client certificate is needed to bind the tokens to")
                : Optional.empty();
    }

    /** The first defect of a proof that comes with a DPoP-bound access token. */
    public Optional<SenderConstraintDefect> firstDefectAtResource(String accessToken) {
        return proofDefect(
                RESOURCE_SERVER,
                Optional.of(HashUtils.accessTokenHash(
                        OAuth2Constants.DPOP_DEFAULT_ALGORITHM.toString(), accessToken, true)));
    }

    /**
     * Tells that Keycloak makes an access token in this request that nobody gets: for {@code response_type} {@code code id_token} it makes one
     * and sends only the ID token.
     */
    public static void accessTokenStaysHere(KeycloakSession session) {
        session.setAttribute(STAYS_HERE, true);
    }

    static boolean doesAccessTokenStayHere(KeycloakSession session) {
        return session.getAttribute(STAYS_HERE) != null;
    }

    /** The client as the check of a refresh token should see it: a confidential one may come with a new certificate. */
    public ClientModel withoutPinnedRefreshTokens() {
        return client.isPublicClient() ? client : new UnpinnedClient(client);
    }

    private HttpRequest request() {
        return session.getContext().getHttpRequest();
    }

    private static List<String> dpopHeaders(KeycloakSession session) {
        List<String> headers = session.getContext()
                .getHttpRequest()
                .getHttpHeaders()
                .getRequestHeader(OAuth2Constants.DPOP_HTTP_HEADER);
        return headers == null ? List.of() : headers;
    }

    private Optional<SenderConstraintDefect> proofDefect(String role, Optional<String> accessTokenHash) {
        List<String> headers = dpopHeaders(session);
        if (headers.isEmpty()) {
            return proofDefect("proof_missing", "a DPoP proof is needed");
        }
        if (headers.size() > 1) {
            return proofDefect("several_proofs", "the request must have one DPoP header");
        }
        Optional<CompactJws> proof = CompactJws.read(headers.get(0));
        if (proof.isEmpty()) {
            return proofDefect("not_a_jws", "the DPoP proof is not a signed JWT");
        }
        Optional<SenderConstraintDefect> nonce = nonceDefect(role, proof.get());
        if (nonce.isPresent()) {
            return nonce;
        }
        Optional<SenderConstraintDefect> defect = new DpopProofVerifier(session, rules.proofs())
                .firstDefect(
                        proof.get(),
                        headers.get(0),
                        new DpopProofRules.Request(
                                request().getHttpMethod(),
                                session.getContext().getUri().getAbsolutePath().toString(),
                                accessTokenHash),
                        now)
                .flatMap(SenderConstraint::asInvalidProof);
        if (defect.isEmpty()) {
            RequestAddress.acceptAsSpelt(session);
        }
        return defect;
    }

    /** Before the signature: a client that has to come again should not have used up its proof. */
    private Optional<SenderConstraintDefect> nonceDefect(String role, CompactJws proof) {
        if (rules.nonces().mode() == NonceRules.Mode.OFF) {
            return Optional.empty();
        }
        DpopNonces nonces = new DpopNonces(session, role, rules.nonces().lifetime(), now);
        String nonce = proof.claims().path("nonce").asText("");
        if (!nonce.equals(nonces.current())) {
            session.getContext().getHttpResponse().setHeader(NONCE_HEADER, nonces.current());
        }
        boolean needed = proof.claims().has("nonce") || rules.nonces().mode() == NonceRules.Mode.REQUIRED;
        return needed && !nonces.isGood(nonce)
                ? defect(USE_DPOP_NONCE, "nonce_needed", "the DPoP proof must carry the nonce of the DPoP-Nonce header")
                : Optional.empty();
    }

    private static Optional<SenderConstraintDefect> asInvalidProof(DpopProofDefect proof) {
        return proofDefect(proof.reason(), proof.description());
    }

    private static Optional<SenderConstraintDefect> proofDefect(String reason, String description) {
        return defect(OAuthErrorException.INVALID_DPOP_PROOF, reason, description);
    }

    private static Optional<SenderConstraintDefect> defect(String error, String reason, String description) {
        return Optional.of(new SenderConstraintDefect(error, reason, description));
    }
}
