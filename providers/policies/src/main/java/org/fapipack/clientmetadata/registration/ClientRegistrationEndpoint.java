package org.fapipack.clientmetadata.registration;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.fapipack.interactionid.InteractionId;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.oidc.OIDCClientRepresentation;
import org.keycloak.services.ErrorResponseException;
import org.keycloak.services.clientregistration.ClientRegistrationAuth;
import org.keycloak.services.clientregistration.ClientRegistrationProvider;

/**
 * The resource {@code /realms/{realm}/clients-registrations/openid-connect} of a realm that uses the executor {@code fapi-client-metadata}.
 * Reads the body itself, for the stock resource refuses every member it does not know.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591.html">RFC 7591</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592.html">RFC 7592</a>
 */
public class ClientRegistrationEndpoint implements ClientRegistrationProvider {

    private final KeycloakSession session;
    private final Optional<String> interactionId;
    private final StrictRegistration keycloak;

    /** @param interactionId of the request, for its events */
    ClientRegistrationEndpoint(KeycloakSession session, Optional<String> interactionId) {
        this.session = session;
        this.interactionId = interactionId;
        this.keycloak = new StrictRegistration(session);
    }

    @OPTIONS
    public Response preflight() {
        return keycloak.preflight();
    }

    @OPTIONS
    @Path("{clientId}")
    public Response preflightClient() {
        return keycloak.preflightClient();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response register(InputStream body) {
        getEvent().event(EventType.CLIENT_REGISTER);
        keycloak.readToken();
        try {
            ClientMetadataDocument metadata = ClientMetadataDocument.read(body);
            RegistrationRules.check(metadata);
            if (metadata.has(KnownMetadata.CLIENT_ID)) {
                throw RefusedRegistration.metadata("client_id is chosen by the server");
            }
            return complete(keycloak.register(metadata));
        } catch (RefusedRegistration refused) {
            throw noted(refused);
        }
    }

    @GET
    @Path("{clientId}")
    @Produces(MediaType.APPLICATION_JSON)
    public Response read(@PathParam("clientId") String clientId) {
        getEvent().event(EventType.CLIENT_INFO);
        keycloak.readToken();
        return complete(keycloak.getOIDC(clientId));
    }

    @PUT
    @Path("{clientId}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response update(@PathParam("clientId") String clientId, InputStream body) {
        getEvent().event(EventType.CLIENT_UPDATE);
        keycloak.readToken();
        try {
            ClientMetadataDocument metadata = ClientMetadataDocument.read(body);
            RegistrationRules.check(metadata);
            checkIdentity(clientId, metadata);
            return complete(keycloak.update(clientId, metadata));
        } catch (RefusedRegistration refused) {
            throw noted(refused);
        }
    }

    @DELETE
    @Path("{clientId}")
    public Response delete(@PathParam("clientId") String clientId) {
        getEvent().event(EventType.CLIENT_DELETE);
        keycloak.readToken();
        return keycloak.deleteOIDC(clientId);
    }

    /** RFC 7592 section 2.2. */
    private void checkIdentity(String clientId, ClientMetadataDocument metadata) throws RefusedRegistration {
        if (!metadata.text(KnownMetadata.CLIENT_ID).filter(clientId::equals).isPresent()) {
            throw RefusedRegistration.metadata("client_id must be the client's own");
        }
        Optional<String> serversOwn = metadata.saidByTheServer();
        if (serversOwn.isPresent()) {
            throw RefusedRegistration.metadata(serversOwn.get() + " must not be sent");
        }
        Optional<String> secret = metadata.text(KnownMetadata.CLIENT_SECRET);
        ClientModel client = session.getContext().getRealm().getClientByClientId(clientId);
        if (secret.isPresent() && keycloak.isOwnedBy(client) && !equal(secret.get(), client.getSecret())) {
            throw RefusedRegistration.metadata("client_secret must be the one that was issued");
        }
    }

    private static boolean equal(String one, String other) {
        return other != null
                && MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private Response complete(Response answer) {
        OIDCClientRepresentation registered = (OIDCClientRepresentation) answer.getEntity();
        ClientModel client = session.getContext().getRealm().getClientByClientId(registered.getClientId());
        return Response.fromResponse(answer)
                .entity(ClientInformation.of(registered, client))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private ErrorResponseException noted(RefusedRegistration refused) {
        getEvent().detail(Details.REASON, refused.getMessage()).error(refused.error());
        return refused.answer();
    }

    @Override
    public void setAuth(ClientRegistrationAuth auth) {
        keycloak.setAuth(auth);
    }

    @Override
    public ClientRegistrationAuth getAuth() {
        return keycloak.getAuth();
    }

    @Override
    public void setEvent(EventBuilder event) {
        interactionId.ifPresent(id -> event.detail(InteractionId.DETAIL, id));
        keycloak.setEvent(event);
    }

    @Override
    public EventBuilder getEvent() {
        return keycloak.getEvent();
    }

    @Override
    public void close() {
        keycloak.close();
    }
}
