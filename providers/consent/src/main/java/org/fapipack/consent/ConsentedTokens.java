package org.fapipack.consent;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fapipack.core.consent.ConsentAuthorization;
import org.fapipack.core.consent.ConsentReference;
import org.fapipack.core.consent.ConsentState;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.representations.AccessToken;

/**
 * Whether consents let a token be issued or used. It is looked up anew each time, so what somebody decides holds for the next request, on
 * whatever node.
 *
 * <p>A token that is for a consent stays so whatever the policies say now: where none of the realm knows consents any more, it is refused. There it
 * is known by both claims that {@link ConsentBinding} writes, so that a mapper of somebody who never used the pack may have a claim
 * {@code consent_id}. No table is asked about that: a consent that is not in it any more would make its tokens free.
 */
public final class ConsentedTokens {

    private final KeycloakSession session;

    private ConsentedTokens(KeycloakSession session) {
        this.session = session;
    }

    public static ConsentedTokens of(KeycloakSession session) {
        return new ConsentedTokens(session);
    }

    /**
     * Whether a token, which is known to be genuine, is for no consent, or for one that is in force. That one is the consent of the request
     * from now on.
     *
     * @param use what the token is looked at for
     */
    public boolean allow(AccessToken token, ConsentSource.TokenCheck use) {
        if (!isForConsent(token)) {
            return true;
        }
        return use(client(token)
                .flatMap(client -> ConsentBinding.inToken(token).flatMap(grant -> inForce(client, grant, use))));
    }

    /**
     * The scopes that name the consent of a text that is a token of this realm, alive or not. No consent is looked up, so it may come from
     * anybody.
     */
    public Set<String> scopesThatName(String encoded) {
        if (!isForConsent(encoded)) {
            return Set.of();
        }
        AccessToken token = session.tokens().decode(encoded, AccessToken.class);
        return client(token).stream()
                .flatMap(client -> Consents.of(session).typesOf(client).stream())
                .flatMap(type -> type.authorization().stream())
                .map(ConsentAuthorization::reference)
                .filter(reference -> reference.place() == ConsentReference.Place.SCOPE)
                .flatMap(reference ->
                        ConsentBinding.inToken(token).map(grant -> reference.name() + grant.consentId()).stream())
                .collect(Collectors.toSet());
    }

    private Optional<ClientModel> client(AccessToken token) {
        return Optional.ofNullable(token.getIssuedFor())
                .map(issuedFor -> session.getContext().getRealm().getClientByClientId(issuedFor));
    }

    /** Whether a token is for a consent, and no policy knows consents of its client any more. */
    public boolean isForgottenByPolicies(String encoded) {
        return isForConsent(encoded)
                && client(session.tokens().decode(encoded, AccessToken.class))
                        .filter(client -> !Consents.of(session).typesOf(client).isEmpty())
                        .isEmpty();
    }

    /**
     * The same for a text of which nothing is known. A text that is no token of this realm is Keycloak's to refuse. Only signatures of tokens that
     * name a consent are verified: Keycloak verifies all of them anyway.
     */
    public boolean allow(String encoded, ConsentSource.TokenCheck use) {
        return genuine(encoded).map(token -> allow(token, use)).orElse(true);
    }

    /** Whether a text is a token of this realm, alive or not, that is for a consent. */
    public boolean isForConsent(String encoded) {
        return genuine(encoded).isPresent();
    }

    private Optional<AccessToken> genuine(String encoded) {
        return encoded != null && read(encoded).filter(this::isForConsent).isPresent()
                ? Optional.ofNullable(session.tokens().decode(encoded, AccessToken.class))
                : Optional.empty();
    }

    /** What a text says, whoever signed it; empty where it is no token. */
    static Optional<AccessToken> read(String encoded) {
        try {
            return Optional.ofNullable(new JWSInput(encoded).readJsonContent(AccessToken.class));
        } catch (JWSInputException unreadable) {
            return Optional.empty();
        }
    }

    private boolean isForConsent(AccessToken token) {
        return token.getOtherClaims().containsKey(ConsentBinding.CLAIM)
                && (ConsentBinding.isOurs(token) || Consents.areUsedIn(session));
    }

    /**
     * Why a client must not have a token for a user, if it must not: a scope needs a consent, and there is none, or the one of the request is not
     * for that. A client that gets a token for itself needs no consent.
     *
     * @param scopes of the token
     */
    public Optional<String> defect(ClientModel client, UserModel user, Set<String> scopes) {
        Set<String> guarded = new HashSet<>(Consents.of(session).guardedScopes(client));
        guarded.retainAll(scopes);
        return ConsentBinding.ofRequest(session)
                .map(consent -> defect(consent, client, user, guarded))
                .orElseGet(() -> isNoneNeeded(client, user, guarded)
                        ? Optional.empty()
                        : Optional.of("a scope needs a consent"));
    }

    private boolean isNoneNeeded(ClientModel client, UserModel user, Set<String> guarded) {
        return !ConsentBinding.isDemanded(session)
                && (guarded.isEmpty() || client.getId().equals(user.getServiceAccountClientLink()));
    }

    private static Optional<String> defect(
            StoredConsent consent, ClientModel client, UserModel user, Set<String> guarded) {
        if (!consent.clientId().equals(client.getId())) {
            return Optional.of("the consent is for another client");
        }
        if (!consent.customerId().equals(Optional.of(user.getId()))) {
            return Optional.of("the consent is another customer's");
        }
        return consent.scopes().containsAll(guarded) ? Optional.empty() : Optional.of("a scope is beyond the consent");
    }

    /**
     * Why a code must not be exchanged, if it must not. The consent it is for is that of the request from now on.
     *
     * @param scope of the code
     */
    Optional<String> defectOfCode(ClientModel client, UserModel user, String scope) {
        if (!Consents.areUsedIn(session)) {
            return Optional.empty();
        }
        Optional<ConsentBinding.Grant> grant = ConsentBinding.inScope(scope);
        if (grant.isPresent() && !use(inForce(client, grant.get(), ConsentSource.TokenCheck.ISSUE))) {
            return Optional.of("the consent is not in force");
        }
        return defect(
                client,
                user,
                scope == null ? Set.of() : Stream.of(scope.split(" ", -1)).collect(Collectors.toSet()));
    }

    /**
     * Looks up the consent of a code that is about to be used up. What is found holds for the rest of the request.
     *
     * @param scope of the code
     * @throws ConsentsUnavailable if that is not possible now: the code stays, and the client may come again
     */
    public void lookUpBeforeUse(ClientModel client, String scope) {
        ConsentBinding.inScope(scope)
                .ifPresent(grant ->
                        Consents.of(session).findForTokens(client, grant.consentId(), ConsentSource.TokenCheck.ISSUE));
    }

    /**
     * Whether a refresh token of this realm expired only because its consent would have ended then, which has come to last longer since. Such a
     * one is as good as its consent.
     */
    public boolean isOutlived(String encoded) {
        return genuine(encoded)
                .filter(token -> token.getExp() != null && token.isExpired())
                .flatMap(token -> ConsentBinding.inToken(token)
                        .filter(grant -> new ConsentExtensions(session, new ConsentStore(session))
                                .isFormerEnd(grant.consentId(), token.getExp())))
                .isPresent();
    }

    /** Whether the consent of a grant is in force; if so, it is that of the request from now on. */
    boolean isInForce(ClientModel client, ConsentBinding.Grant grant) {
        return use(inForce(client, grant, ConsentSource.TokenCheck.ISSUE));
    }

    private Optional<StoredConsent> inForce(
            ClientModel client, ConsentBinding.Grant grant, ConsentSource.TokenCheck use) {
        return Consents.of(session)
                .findForTokens(client, grant.consentId(), use)
                .filter(consent -> consent.state() == ConsentState.AUTHORISED)
                .filter(consent -> consent.grant() == grant.number());
    }

    private boolean use(Optional<StoredConsent> consent) {
        consent.ifPresent(known -> ConsentBinding.use(session, known));
        return consent.isPresent();
    }
}
