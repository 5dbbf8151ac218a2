package org.fapipack.clientmetadata.registration;

import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fapipack.clientmetadata.registration.KnownMetadata.Kept;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.jose.jws.JWSHeader;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.oidc.OIDCClientRepresentation;
import org.keycloak.services.ErrorResponseException;
import org.keycloak.services.clientregistration.ClientRegistrationContext;
import org.keycloak.services.clientregistration.oidc.OIDCClientRegistrationProvider;
import org.keycloak.services.managers.AppAuthManager;
import org.keycloak.services.managers.AppAuthManager.AuthHeader;
import org.keycloak.util.TokenUtil;

/**
 * Keycloak's registration of one client, with metadata that were read by the pack: adds what Keycloak does not convert before the client
 * policies look, and answers their refusals with the error codes of RFC 7591.
 */
final class StrictRegistration extends OIDCClientRegistrationProvider {

    /** How Keycloak's policy "Trusted Hosts" ends its refusal of a caller, whatever it registers. */
    private static final String HOST_NOT_TRUSTED = "Host not trusted.";

    /** As Keycloak says it of a token whose signature is wrong. */
    private static final String UNDECODABLE = "Failed decode token";

    private ClientMetadataDocument metadata;

    StrictRegistration(KeycloakSession session) {
        super(session);
    }

    /** Refuses a token that is wrong; none at all is left to Keycloak's policies for anonymous callers. */
    void readToken() {
        AuthHeader sent = AppAuthManager.extractAuthorizationHeaderTokenOrReturnNull(
                session.getContext().getHttpRequest().getHttpHeaders());
        if (sent != null
                && TokenUtil.TOKEN_TYPE_BEARER.equalsIgnoreCase(sent.getScheme())
                && !isOfAKnownAlgorithm(sent.getToken())) {
            event.detail(Details.REASON, UNDECODABLE).error(Errors.INVALID_TOKEN);
            throw new ErrorResponseException(
                    OAuthErrorException.INVALID_TOKEN, UNDECODABLE, Response.Status.UNAUTHORIZED);
        }
        getAllowedOrigins();
    }

    /** Keycloak asks every token for its algorithm, and fails where it has none that it knows. Other defects it answers itself. */
    private static boolean isOfAKnownAlgorithm(String token) {
        try {
            JWSHeader header = new JWSInput(token).getHeader();
            return header != null && header.getAlgorithm() != null;
        } catch (JWSInputException noJws) {
            return true;
        }
    }

    Response register(ClientMetadataDocument registered) throws RefusedRegistration {
        metadata = registered;
        OIDCClientRepresentation client = registered.forKeycloak();
        return createOIDC(client);
    }

    Response update(String clientId, ClientMetadataDocument updated) throws RefusedRegistration {
        metadata = updated;
        OIDCClientRepresentation client = updated.forKeycloak();
        // Keycloak looks the client up by the wrong id where there is a scope.
        client.setScope(null);
        return updateOIDC(clientId, client);
    }

    /** Whether the registration access token of the request is this client's own; false for a client that is null. */
    boolean isOwnedBy(ClientModel client) {
        return auth.isRegistrationAccessToken()
                && client != null
                && client.getRegistrationToken() != null
                && client.getRegistrationToken().equals(auth.getJwt().getId());
    }

    @Override
    public ClientRepresentation create(ClientRegistrationContext context) {
        attributes(context.getClient()).putAll(metadata.keptAttributes());
        try {
            return super.create(context);
        } catch (ErrorResponseException refused) {
            throw byRfc7591(refused);
        }
    }

    @Override
    public ClientRepresentation update(String clientId, ClientRegistrationContext context) {
        ClientModel known = session.getContext().getRealm().getClientByClientId(clientId);
        if (known != null) {
            complete(context.getClient(), known);
        }
        try {
            return super.update(clientId, context);
        } catch (ErrorResponseException refused) {
            throw byRfc7591(refused);
        }
    }

    /** RFC 7592 section 2.2: an update replaces; what it does not name goes. */
    private void complete(ClientRepresentation client, ClientModel known) {
        Map<String, String> attributes = attributes(client);
        attributes.putAll(metadata.keptAttributes());
        Stream.concat(
                        KnownMetadata.REPLACED_BY_AN_UPDATE.stream(),
                        KnownMetadata.KEPT_BY_THE_PACK.values().stream().map(Kept::attribute))
                .filter(attribute -> attributes.get(attribute) == null && known.getAttribute(attribute) != null)
                .forEach(attribute -> attributes.put(attribute, ""));
        client.setName(Optional.ofNullable(client.getName()).orElse(""));
        client.setBaseUrl(Optional.ofNullable(client.getBaseUrl()).orElse(""));
        client.setRedirectUris(Optional.ofNullable(client.getRedirectUris()).orElse(List.of()));
        if (metadata.has(KnownMetadata.SCOPE)) {
            client.setOptionalClientScopes(metadata.scopes());
            // as at registration: what the client names, it asks for
            List<String> defaults = new ArrayList<>(known.getClientScopes(true).keySet());
            defaults.removeAll(metadata.scopes());
            client.setDefaultClientScopes(defaults);
        }
    }

    private static Map<String, String> attributes(ClientRepresentation client) {
        if (client.getAttributes() == null) {
            client.setAttributes(new HashMap<>());
        }
        return client.getAttributes();
    }

    /** Keycloak says {@code insufficient_scope} both to who may not register, and to who may, but not this. */
    private ErrorResponseException byRfc7591(ErrorResponseException refused) {
        Map<String, String> details =
                Optional.ofNullable(event.getEvent().getDetails()).orElse(Map.of());
        boolean byClientPolicy = details.containsKey(Details.CLIENT_POLICY_ERROR);
        boolean byRegistrationPolicy = details.containsKey(Details.CLIENT_REGISTRATION_POLICY)
                && !String.valueOf(refused.getErrorDescription()).endsWith(HOST_NOT_TRUSTED);
        if (!OAuthErrorException.INSUFFICIENT_SCOPE.equals(refused.getError())
                || !(byClientPolicy || byRegistrationPolicy)) {
            return refused;
        }
        String description =
                byClientPolicy ? details.get(Details.CLIENT_POLICY_ERROR_DETAIL) : refused.getErrorDescription();
        return (RegistrationRules.allRedirectUrisAreHttps(metadata)
                        ? RefusedRegistration.metadata(description)
                        : RefusedRegistration.redirectUri(description))
                .answer();
    }
}
