package org.fapipack.protocol;

import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.fapipack.consent.ConsentAccess;
import org.fapipack.consent.ConsentCaller;
import org.fapipack.consent.RefusedAccess;
import org.fapipack.messagesignature.ResourceSignatures;
import org.fapipack.messagesignature.SignatureRefusal;
import org.fapipack.senderconstraint.ResourceRequest;
import org.fapipack.senderconstraint.SenderConstraint;
import org.keycloak.OAuthErrorException;
import org.keycloak.TokenVerifier;
import org.keycloak.common.VerificationException;
import org.keycloak.crypto.CryptoUtils;
import org.keycloak.events.Errors;
import org.keycloak.jose.jws.JWSHeader;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.TokenManager.NotBeforeCheck;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.Urls;
import org.keycloak.services.managers.AppAuthManager;
import org.keycloak.services.managers.AppAuthManager.AuthHeader;
import org.keycloak.services.util.DPoPUtil;
import org.keycloak.services.util.MtlsHoKTokenUtil;
import org.keycloak.services.util.UserSessionUtil;
import org.keycloak.services.util.UserSessionUtil.UserSessionValidationResult;
import org.keycloak.util.TokenUtil;

/**
 * The access token of a client that calls for itself, or for a customer. Checked as Keycloak checks one at its userinfo endpoint; besides, it has
 * to be bound to its sender, whatever the policies say.
 */
final class BoundClientToken implements ConsentAccess {

    private static final String BEARER = "Bearer";
    private static final String DPOP = "DPoP";

    private final KeycloakSession session;
    private final RealmModel realm;

    BoundClientToken(KeycloakSession session) {
        this.session = session;
        this.realm = session.getContext().getRealm();
    }

    @Override
    public ConsentCaller caller() throws RefusedAccess {
        if (!"https".equals(session.getContext().getUri().getBaseUri().getScheme())
                && realm.getSslRequired().isRequired(session.getContext().getConnection())) {
            throw refused(Response.Status.FORBIDDEN, BEARER, OAuthErrorException.INVALID_REQUEST, "HTTPS required");
        }
        AuthHeader credentials = credentials();
        Optional<ResourceSignatures> signatures = SignedAccess.of(session, credentials.getToken());
        refuse(signatures.flatMap(ResourceSignatures::ambiguity));
        Optional<Response> byPolicy = ResourceRequest.withHeader(
                        session, credentials.getScheme(), credentials.getToken())
                .refusal();
        if (byPolicy.isPresent()) {
            throw new RefusedAccess(
                    byPolicy.get(), Errors.INVALID_TOKEN, "the access token does not come from its sender");
        }
        AccessToken token = verified(credentials);
        ClientModel client = client(token);
        checkIsBound(token, credentials.getScheme());
        UserModel subject = subject(token, client);
        refuse(signatures.flatMap(ResourceSignatures::refusal));
        session.getContext().setClient(client);
        boolean isTheClientItself = client.getId().equals(subject.getServiceAccountClientLink());
        return new ConsentCaller(
                client, scopes(token), isTheClientItself ? Optional.empty() : Optional.of(subject), token);
    }

    private static void refuse(Optional<SignatureRefusal> refusal) throws RefusedAccess {
        if (refusal.isPresent()) {
            SignatureRefusal refused = refusal.get();
            throw new RefusedAccess(refused.answer(), refused.error(), refused.reason());
        }
    }

    private AuthHeader credentials() throws RefusedAccess {
        AuthHeader credentials;
        try {
            credentials = AppAuthManager.extractAuthorizationHeaderTokenOrReturnNull(
                    session.getContext().getHttpRequest().getHttpHeaders());
        } catch (NotAuthorizedException several) {
            throw refused(
                    Response.Status.BAD_REQUEST,
                    BEARER,
                    OAuthErrorException.INVALID_REQUEST,
                    "the request must have one Authorization header");
        }
        if (credentials == null) {
            // RFC 6750 section 3.1: no error code for who sent no token
            throw new RefusedAccess(
                    Response.status(Response.Status.UNAUTHORIZED)
                            .header(HttpHeaders.WWW_AUTHENTICATE, DPOP)
                            .header(HttpHeaders.WWW_AUTHENTICATE, BEARER)
                            .header(HttpHeaders.CACHE_CONTROL, "no-store")
                            .build(),
                    Errors.INVALID_TOKEN,
                    "the request has no access token");
        }
        return credentials;
    }

    private AccessToken verified(AuthHeader credentials) throws RefusedAccess {
        try {
            TokenVerifier<AccessToken> verifier = TokenVerifier.create(credentials.getToken(), AccessToken.class)
                    .withChecks(
                            new TokenVerifier.RealmUrlCheck(Urls.realmIssuer(
                                    session.getContext().getUri().getBaseUri(), realm.getName())),
                            TokenVerifier.IS_ACTIVE)
                    .tokenType(List.of(TokenUtil.TOKEN_TYPE_BEARER));
            JWSHeader header = verifier.getHeader();
            if (header.getAlgorithm() == null || header.getKeyId() == null) {
                throw new VerificationException("the token names no key");
            }
            verifier.verifierContext(CryptoUtils.getSignatureProvider(
                            session, header.getAlgorithm().name())
                    .verifier(header.getKeyId()));
            KeycloakSession forProof = SenderConstraint.forProof(session);
            return DPoPUtil.withDPoPVerifier(
                            verifier,
                            realm,
                            new DPoPUtil.Validator(forProof)
                                    .request(session.getContext().getHttpRequest())
                                    .uriInfo(forProof.getContext().getUri())
                                    .accessToken(credentials.getToken()))
                    .verify()
                    .getToken();
        } catch (VerificationException invalid) {
            throw invalidToken(credentials.getScheme(), "the access token is not valid", invalid.getMessage());
        }
    }

    private ClientModel client(AccessToken token) throws RefusedAccess {
        ClientModel client = token.getIssuedFor() == null ? null : realm.getClientByClientId(token.getIssuedFor());
        if (client == null || !client.isEnabled() || !OIDCLoginProtocol.LOGIN_PROTOCOL.equals(client.getProtocol())) {
            throw invalidToken(BEARER, "the access token is not valid", "client not found or disabled");
        }
        try {
            TokenVerifier.createWithoutSignature(token)
                    .withChecks(
                            NotBeforeCheck.forModel(realm),
                            NotBeforeCheck.forModel(client),
                            new TokenManager.TokenRevocationCheck(session))
                    .verify();
        } catch (VerificationException revoked) {
            throw invalidToken(BEARER, "the access token is not valid", "revoked");
        }
        return client;
    }

    private void checkIsBound(AccessToken token, String scheme) throws RefusedAccess {
        AccessToken.Confirmation confirmation = token.getConfirmation();
        boolean byKey = confirmation != null
                && confirmation.getKeyThumbprint() != null
                && TokenUtil.TOKEN_TYPE_DPOP.equalsIgnoreCase(scheme);
        boolean byCertificate = confirmation != null
                && confirmation.getKeyThumbprint() == null
                && confirmation.getCertThumbprint() != null
                && MtlsHoKTokenUtil.verifyTokenBindingWithClientCertificate(
                        token, session.getContext().getHttpRequest(), session);
        if (!byKey && !byCertificate) {
            throw invalidToken(BEARER, "the access token is not bound to the sender", "not bound");
        }
    }

    private UserModel subject(AccessToken token, ClientModel client) throws RefusedAccess {
        UserSessionValidationResult found =
                UserSessionUtil.findValidSessionForAccessToken(session, realm, token, client, invalid -> {});
        if (found.getError() != null) {
            throw invalidToken(BEARER, "the access token is not valid", found.getError());
        }
        UserModel subject = found.getUserSession().getUser();
        if (subject == null
                || !subject.isEnabled()
                || !TokenManager.validateUserNotBefore(session, realm, token, subject)) {
            throw invalidToken(BEARER, "the access token is not valid", "subject not found or disabled");
        }
        return subject;
    }

    @Override
    public RefusedAccess wrongGrant(String wanted) {
        return refused(
                Response.Status.FORBIDDEN,
                BEARER,
                Errors.ACCESS_DENIED,
                "the access token must come from the %s grant".formatted(wanted));
    }

    @Override
    public RefusedAccess stale(String reason) {
        return invalidToken(BEARER, "the access token is not valid", reason);
    }

    private static Set<String> scopes(AccessToken token) {
        return token.getScope() == null
                ? Set.of()
                : Arrays.stream(token.getScope().split(" ", -1)).collect(Collectors.toSet());
    }

    private static RefusedAccess invalidToken(String scheme, String description, String reason) {
        return refused(Response.Status.UNAUTHORIZED, scheme, OAuthErrorException.INVALID_TOKEN, description, reason);
    }

    private static RefusedAccess refused(Response.Status status, String scheme, String error, String description) {
        return refused(status, scheme, error, description, description);
    }

    /** RFC 6750 section 3. */
    private static RefusedAccess refused(
            Response.Status status, String scheme, String error, String description, String reason) {
        String shownScheme = DPOP.equalsIgnoreCase(scheme) ? DPOP : BEARER;
        return new RefusedAccess(
                Response.status(status)
                        .header(
                                HttpHeaders.WWW_AUTHENTICATE,
                                "%s error=\"%s\", error_description=\"%s\"".formatted(shownScheme, error, description))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .type(MediaType.APPLICATION_JSON_TYPE)
                        .entity(Map.of("error", error, "error_description", description))
                        .build(),
                error,
                reason);
    }
}
