package org.fapipack.consent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fapipack.core.consent.AuthorizationDefect;
import org.fapipack.core.consent.AuthorizationParameters;
import org.fapipack.core.consent.AuthorizationRefusal;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentAuthorization;
import org.fapipack.core.consent.ConsentReference;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.consent.ConsentType;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.endpoints.request.AuthorizationEndpointRequest;
import org.keycloak.protocol.oidc.grants.ciba.endpoints.request.BackchannelAuthenticationEndpointRequest;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.sessions.AuthenticationSessionModel;

/** The consent that an authorization request is for: that it is there, is the client's, can be decided on, and goes with the scopes. */
final class ConsentRequestCheck {

    private final Consents consents;
    private final ClientModel client;
    private final List<ConsentType> types;
    private final Set<String> guardedScopes;

    ConsentRequestCheck(KeycloakSession session, ClientModel client) {
        this.consents = Consents.of(session);
        this.client = client;
        this.types = consents.typesOf(client).stream()
                .filter(type -> type.authorization().isPresent())
                .toList();
        this.guardedScopes = consents.guardedScopes(client);
    }

    /**
     * Checks a request.
     *
     * @return the consent it is for; empty when it needs none
     */
    Optional<StoredConsent> check(AuthorizationEndpointRequest request) throws ClientPolicyException {
        AuthorizationParameters parameters = new AuthorizationParameters(
                Optional.ofNullable(request.getScope()),
                Optional.ofNullable(request.getClaims()),
                Optional.ofNullable(request.getAdditionalReqParams().get(OAuth2Constants.AUTHORIZATION_DETAILS)));
        for (ConsentType type : types) {
            try {
                Optional<String> id =
                        type.authorization().orElseThrow().reference().id(parameters);
                if (id.isPresent()) {
                    return Optional.of(check(type, id.get(), parameters));
                }
            } catch (AuthorizationRefusal refused) {
                throw refusal(type, refused);
            }
        }
        if (parameters.scopes().stream().anyMatch(guardedScopes::contains)) {
            throw missing(parameters.scopes());
        }
        return Optional.empty();
    }

    /**
     * Checks a backchannel authentication request. Types that nobody decides on this way are looked at where there are tokens.
     *
     * @param signed claims of the signed request, none where it is not signed
     * @param unsigned names of parameters beside it
     * @return the consent it is for; empty when it needs none
     */
    Optional<StoredConsent> check(
            BackchannelAuthenticationEndpointRequest request, JsonNode signed, Set<String> unsigned)
            throws ClientPolicyException {
        List<String> ids = new ArrayList<>();
        for (ConsentType type : types) {
            Optional<String> name = type.authorization().orElseThrow().backchannelParameter();
            try {
                if (name.filter(unsigned::contains).isPresent()) {
                    throw malformed("the parameter that names the consent must be in the signed request");
                }
                if (name.filter(signed::has).isPresent()) {
                    ids.add(id(signed.get(name.get()), request));
                }
            } catch (AuthorizationRefusal refused) {
                throw refusal(type, refused);
            }
        }
        Set<String> scopes = scopes(request.getScope());
        if (ids.isEmpty()) {
            if (types.stream()
                    .filter(type -> type.authorization()
                            .orElseThrow()
                            .backchannelParameter()
                            .isPresent())
                    .anyMatch(type -> scopes.stream().anyMatch(type.guardedScopes()::contains))) {
                throw missing(scopes);
            }
            return Optional.empty();
        }
        return Optional.of(named(Set.copyOf(ids), scopes));
    }

    private static String id(JsonNode named, BackchannelAuthenticationEndpointRequest request)
            throws AuthorizationRefusal {
        if (!named.isTextual() || !ConsentReference.isId(named.textValue())) {
            throw malformed("what names the consent of the request does not have the right form");
        }
        if (named.textValue().equals(request.getLoginHint())) {
            throw malformed("a login hint must not be the id of a consent");
        }
        return named.textValue();
    }

    private static AuthorizationRefusal malformed(String description) {
        return new AuthorizationRefusal(AuthorizationDefect.MALFORMED, description);
    }

    private StoredConsent named(Set<String> ids, Set<String> scopes) throws ClientPolicyException {
        ConsentType type = types.stream()
                .filter(some -> some.authorization()
                        .orElseThrow()
                        .backchannelParameter()
                        .isPresent())
                .findFirst()
                .orElseThrow();
        try {
            if (ids.size() > 1) {
                throw new AuthorizationRefusal(AuthorizationDefect.SEVERAL, "the request is for more than one consent");
            }
            StoredConsent consent = consents.find(client, ids.iterator().next())
                    .filter(found -> found.type()
                            .authorization()
                            .flatMap(ConsentAuthorization::backchannelParameter)
                            .isPresent())
                    .orElseThrow(() -> new AuthorizationRefusal(
                            AuthorizationDefect.NOT_FOUND, "the client has no consent of that id"));
            type = consent.type();
            checkState(consent);
            checkScopes(consent, scopes);
            return consent;
        } catch (AuthorizationRefusal refused) {
            throw refusal(type, refused);
        }
    }

    private static Set<String> scopes(String scope) {
        return new AuthorizationParameters(Optional.ofNullable(scope), Optional.empty(), Optional.empty()).scopes();
    }

    /** In the words of the type that guards the scope; where policies differ about it, in the usual ones. */
    private ClientPolicyException missing(Set<String> requested) {
        AuthorizationRefusal refused = new AuthorizationRefusal(
                AuthorizationDefect.MISSING, "a requested scope needs a consent, and the request names none");
        return types.stream()
                .filter(type -> requested.stream().anyMatch(type.guardedScopes()::contains))
                .findFirst()
                .map(type -> refusal(type, refused))
                .orElseGet(() -> new ClientPolicyException(OAuthErrorException.INVALID_REQUEST, refused.getMessage()));
    }

    /** Only one way to name a consent may be used; types may share one, so the consent's own type is known once it is found. */
    private StoredConsent check(ConsentType named, String id, AuthorizationParameters parameters)
            throws AuthorizationRefusal, ClientPolicyException {
        ConsentReference reference = named.authorization().orElseThrow().reference();
        for (ConsentType other : types) {
            ConsentReference another = other.authorization().orElseThrow().reference();
            if (!another.equals(reference) && another.id(parameters).isPresent()) {
                throw new AuthorizationRefusal(AuthorizationDefect.SEVERAL, "the request is for more than one consent");
            }
        }
        StoredConsent consent = consents.find(client, id)
                .filter(found -> found.type()
                        .authorization()
                        .filter(authorization -> authorization.reference().equals(reference))
                        .isPresent())
                .orElseThrow(() -> new AuthorizationRefusal(
                        AuthorizationDefect.NOT_FOUND, "the client has no consent of that id"));
        try {
            checkState(consent);
            checkScopes(consent, parameters.scopes());
            consent.type().authorization().orElseThrow().requestedValues(parameters.claims());
        } catch (AuthorizationRefusal refused) {
            throw refusal(consent.type(), refused);
        }
        return consent;
    }

    private static void checkState(StoredConsent consent) throws AuthorizationRefusal {
        if (consent.state() == ConsentState.EXPIRED) {
            throw new AuthorizationRefusal(AuthorizationDefect.EXPIRED, "the consent has expired");
        }
        if (!isOpen(consent)) {
            throw new AuthorizationRefusal(
                    AuthorizationDefect.WRONG_STATE, "a customer cannot decide on the consent in its state");
        }
    }

    private void checkScopes(StoredConsent consent, Set<String> requested) throws AuthorizationRefusal {
        ConsentAuthorization rules = consent.type().authorization().orElseThrow();
        Set<String> covered = consent.scopes();
        if (!rules.scopesBeyondDropped()
                && requested.stream().anyMatch(scope -> isGuarded(scope) && !covered.contains(scope))) {
            throw new AuthorizationRefusal(
                    AuthorizationDefect.SCOPE_NOT_COVERED,
                    "a requested scope is beyond the permissions of the consent");
        }
        if (rules.scopesNeeded() && !requested.containsAll(covered)) {
            throw new AuthorizationRefusal(
                    AuthorizationDefect.SCOPE_MISSING,
                    "the permissions of the consent need a scope that is not requested");
        }
    }

    private boolean isGuarded(String scope) {
        return guardedScopes.contains(scope);
    }

    /** Whether a customer can decide on a consent as it stands. */
    static boolean isOpen(StoredConsent consent) {
        return consent.type()
                .move(consent.state(), ConsentState.AUTHORISED, ConsentActor.CUSTOMER)
                .isPresent();
    }

    /** The requested scopes that a consent grants: without those that name it, or that it has no permission for. */
    Set<String> granted(StoredConsent consent, String requested) {
        Set<String> granted = new LinkedHashSet<>(scopes(requested));
        Set<String> covered = consent.scopes();
        granted.removeIf(scope -> ConsentBinding.isOne(scope)
                || (isGuarded(scope) && !covered.contains(scope))
                || types.stream()
                        .anyMatch(type ->
                                type.authorization().orElseThrow().reference().isIn(scope)));
        return granted;
    }

    private static ClientPolicyException refusal(ConsentType type, AuthorizationRefusal refused) {
        return new ClientPolicyException(
                type.authorization().orElseThrow().error(refused.defect()), refused.getMessage());
    }

    /** Notes on an authentication session what it is for, and what the customer has to be. */
    static void note(
            AuthenticationSessionModel authSession,
            AuthorizationEndpointRequest request,
            Optional<StoredConsent> consent) {
        consent.ifPresent(found -> {
            authSession.setClientNote(ConsentRequests.NOTE, found.id());
            ConsentAuthorization rules = found.type().authorization().orElseThrow();
            rules.acr().ifPresent(acr -> authSession.setClientNote(ConsentRequests.ACR, acr));
            if (!rules.requestedClaims().isEmpty() && request.getClaims() != null) {
                authSession.setClientNote(ConsentRequests.CLAIMS, request.getClaims());
            }
        });
    }
}
