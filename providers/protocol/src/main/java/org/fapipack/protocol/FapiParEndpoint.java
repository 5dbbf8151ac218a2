package org.fapipack.protocol;

import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fapipack.consent.ConsentScopes;
import org.fapipack.core.par.PushedFormDefect;
import org.fapipack.par.PushedAuthorization;
import org.fapipack.senderconstraint.SenderConstraint;
import org.fapipack.senderconstraint.SenderConstraintDefect;
import org.jboss.logging.Logger;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.par.ParResponse;
import org.keycloak.protocol.oidc.par.endpoints.ParEndpoint;
import org.keycloak.protocol.oidc.utils.AuthorizeClientUtil;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.messages.Messages;

/**
 * The stock PAR endpoint; for clients under {@link PushedAuthorization} with the error codes of the token endpoint (RFC 9126 section 2.3), a
 * form that is checked before Keycloak parses it, and an answer that nobody caches.
 */
public class FapiParEndpoint extends ParEndpoint {

    private static final Logger LOG = Logger.getLogger(FapiParEndpoint.class);

    /** A browser needs some time to come; a realm that grants less is set up wrongly. */
    private static final int MIN_LIFESPAN_SECONDS = 5;

    /** RFC 6749 section 5.2: what a description may hold. */
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]{1,200}");

    FapiParEndpoint(KeycloakSession session, EventBuilder event) {
        super(PushedAuthorization.storing(SenderConstraint.forProof(session)), event);
    }

    @Override
    public Response request() {
        Response answer = super.request();
        return demands()
                .filter(strict -> answer.getEntity() instanceof ParResponse)
                .map(strict -> {
                    ParResponse pushed = (ParResponse) answer.getEntity();
                    pushed.setExpiresIn((int) strict.lifetimeSeconds(pushed.getExpiresIn()));
                    return answer;
                })
                .orElse(answer);
    }

    /** As the stock method, except for clients under rules: those get the answer that their authentication gave. */
    @Override
    protected void authorizeClient() {
        try {
            client = AuthorizeClientUtil.authorizeClient(session, event, cors).getClient();
            event.client(client);
            cors.checkAllowedOrigins(session, client);
        } catch (ForbiddenException otherOrigin) {
            throw otherOrigin;
        } catch (WebApplicationException refused) {
            if (isStrictRefusal()) {
                forbidCaching();
                throw refused;
            }
            throw errorResponseException(
                    OAuthErrorException.INVALID_REQUEST, "Authentication failed.", Response.Status.UNAUTHORIZED);
        } catch (RuntimeException failed) {
            throw errorResponseException(
                    OAuthErrorException.INVALID_REQUEST, "Authentication failed.", Response.Status.UNAUTHORIZED);
        }
        client = ConsentScopes.of(session, client);
        demands().ifPresent(this::checkForm);
        SenderConstraint.of(session, client)
                .flatMap(SenderConstraint::firstDefectAtPar)
                .ifPresent(this::refuse);
    }

    private void refuse(SenderConstraintDefect defect) {
        event.detail(Details.REASON, defect.reason());
        throw errorResponseException(defect.error(), defect.description(), Response.Status.BAD_REQUEST);
    }

    /** Keycloak's parser says here under which key a browser's error page would find its text, and leaves the cause with the event. */
    @Override
    protected CorsErrorResponseException errorResponseException(String error, String detail, Response.Status status) {
        boolean isKey = Messages.INVALID_REQUEST.equals(detail) && demands().isPresent();
        return super.errorResponseException(error, isKey ? cause() : detail, status);
    }

    private String cause() {
        Map<String, String> details = event.getEvent().getDetails();
        String reason = details == null ? null : details.get(Details.REASON);
        return reason == null || !PRINTABLE.matcher(reason).matches() ? "the request cannot be read" : reason;
    }

    private Optional<PushedAuthorization> demands() {
        return Optional.ofNullable(client).flatMap(authenticated -> PushedAuthorization.of(session, authenticated));
    }

    /** Whether the client that failed to authenticate is under rules, as far as it said who it is. */
    private boolean isStrictRefusal() {
        ClientModel claimed = Optional.ofNullable(event.getEvent().getClientId())
                .map(realm::getClientByClientId)
                .orElse(null);
        return claimed == null
                ? PushedAuthorization.isUsedIn(session)
                : PushedAuthorization.of(session, claimed).isPresent();
    }

    private void checkForm(PushedAuthorization strict) {
        forbidCaching();
        if (realm.getParPolicy().getRequestUriLifespan() < MIN_LIFESPAN_SECONDS) {
            LOG.errorf(
                    "Realm %s gives a request_uri less than %d seconds; change its attribute parRequestUriLifespan",
                    realm.getName(), MIN_LIFESPAN_SECONDS);
            throw errorResponseException(
                    OAuthErrorException.SERVER_ERROR,
                    "the server is not set up to accept pushed authorization requests",
                    Response.Status.INTERNAL_SERVER_ERROR);
        }
        Optional<PushedFormDefect> defect =
                strict.firstDefect(session.getContext().getHttpRequest().getDecodedFormParameters());
        if (defect.isPresent()) {
            throw refusal(defect.get());
        }
    }

    private CorsErrorResponseException refusal(PushedFormDefect defect) {
        event.detail(Details.REASON, defect.reason());
        return errorResponseException(
                OAuthErrorException.INVALID_REQUEST,
                defect.description(),
                defect.tooLarge() ? Response.Status.REQUEST_ENTITY_TOO_LARGE : Response.Status.BAD_REQUEST);
    }

    /** RFC 9126 section 2.2. */
    private void forbidCaching() {
        session.getContext().getHttpResponse().setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
