package org.fapipack.clientmetadata;

import java.util.Map;
import java.util.function.BiConsumer;
import org.fapipack.core.authorization.RequestedClaims;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.TokenManager.AccessTokenResponseBuilder;
import org.keycloak.representations.AddressClaimSet;
import org.keycloak.representations.IDToken;

/**
 * An ID token with what its client asked for: Keycloak puts in what the client's default scopes have, requested or not, and a {@code typ} of its own.
 * Claims that are not standard ones are there because an administrator mapped them, and stay.
 */
final class RequestedIdToken {

    /** The standard claims that are members of Keycloak's class; the others are among its "other claims", wherever a mapper put them. */
    private static final Map<String, BiConsumer<IDToken, String>> MEMBERS = Map.ofEntries(
            Map.entry("name", IDToken::setName),
            Map.entry("given_name", IDToken::setGivenName),
            Map.entry("family_name", IDToken::setFamilyName),
            Map.entry("middle_name", IDToken::setMiddleName),
            Map.entry("nickname", IDToken::setNickName),
            Map.entry("preferred_username", IDToken::setPreferredUsername),
            Map.entry("profile", IDToken::setProfile),
            Map.entry("picture", IDToken::setPicture),
            Map.entry("website", IDToken::setWebsite),
            Map.entry("gender", IDToken::setGender),
            Map.entry("birthdate", IDToken::setBirthdate),
            Map.entry("zoneinfo", IDToken::setZoneinfo),
            Map.entry("locale", IDToken::setLocale),
            Map.entry("phone_number", IDToken::setPhoneNumber),
            Map.entry("email", IDToken::setEmail),
            Map.entry("email_verified", (token, none) -> token.setEmailVerified(null)),
            Map.entry("phone_number_verified", (token, none) -> token.setPhoneNumberVerified(null)),
            Map.entry("address", (token, none) -> token.setAddress((AddressClaimSet) null)),
            Map.entry("updated_at", (token, none) -> token.setUpdatedAt(null)));

    private RequestedIdToken() {}

    /** Leaves out of a response's ID token, where it has one, what the authorization request did not ask for. */
    static void narrow(AccessTokenResponseBuilder response, AuthenticatedClientSessionModel session) {
        IDToken token = response.getIdToken();
        if (token == null) {
            return;
        }
        token.type(null);
        RequestedClaims.of(
                        session.getNote(OIDCLoginProtocol.SCOPE_PARAM), session.getNote(OIDCLoginProtocol.CLAIMS_PARAM))
                .notForTheIdToken()
                .forEach(claim -> {
                    MEMBERS.get(claim).accept(token, null);
                    token.getOtherClaims().remove(claim);
                });
    }
}
