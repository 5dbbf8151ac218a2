package org.fapipack.consent.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.fapipack.consent.ConsentBinding;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ProtocolMapperContainerModel;
import org.keycloak.models.ProtocolMapperModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.ProtocolMapperConfigException;
import org.keycloak.protocol.oidc.mappers.AbstractOIDCProtocolMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAccessTokenMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAccessTokenResponseMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAttributeMapperHelper;
import org.keycloak.protocol.oidc.mappers.OIDCIDTokenMapper;
import org.keycloak.protocol.oidc.mappers.TokenIntrospectionTokenMapper;
import org.keycloak.protocol.oidc.mappers.UserInfoTokenMapper;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.representations.AccessTokenResponse;
import org.keycloak.representations.IDToken;

/**
 * Tells in a claim what a consent is or allows. Tokens say what held when they were issued; introspection and userinfo what holds when they are
 * asked. Where a request is for no consent there is no claim.
 */
public final class ConsentClaimMapper extends AbstractOIDCProtocolMapper
        implements OIDCIDTokenMapper,
                OIDCAccessTokenMapper,
                OIDCAccessTokenResponseMapper,
                UserInfoTokenMapper,
                TokenIntrospectionTokenMapper {

    /** Provider id. */
    public static final String ID = "fapi-consent-claim";

    static final String VALUE = "consent.value";

    private static final String CLAIM_NAME = OIDCAttributeMapperHelper.TOKEN_CLAIM_NAME;

    /** Taken as it is, also with dots and slashes in it. */
    private static final Pattern CLAIM_NAMES = Pattern.compile("[!-~]{1,200}");

    /** What a token, a token response or an introspection response says on its own. */
    private static final Set<String> TAKEN = Set.of(
            "acr",
            "access_token",
            "active",
            "at_hash",
            "aud",
            "aud_x",
            "auth_time",
            "authorization",
            "authorization_details",
            "azp",
            "c_hash",
            "client_id",
            "cnf",
            ConsentBinding.CLAIM,
            ConsentBinding.GRANT_CLAIM,
            "error",
            "exp",
            "expires_in",
            "iat",
            "id_token",
            "iss",
            "jti",
            "nbf",
            "nonce",
            "not-before-policy",
            "prov",
            "realm_access",
            "refresh_expires_in",
            "refresh_token",
            "resource_access",
            "s_hash",
            "scope",
            "session_state",
            "sid",
            "sub",
            "token_type",
            "typ",
            "username");

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public String getDisplayCategory() {
        return TOKEN_MAPPER_CATEGORY;
    }

    @Override
    public String getDisplayType() {
        return "Consent";
    }

    @Override
    public String getHelpText() {
        return "Tells in a claim which consent a token is for, when it ends, or what it allows.";
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        List<ProviderConfigProperty> properties = new ArrayList<>();
        ProviderConfigProperty value = new ProviderConfigProperty(
                VALUE,
                "What to tell",
                "id; end, in seconds since 1970; permissions, a list; accounts that the customer chose, a list of their ids; "
                        + "refresh-token-end, in seconds since 1970.",
                ProviderConfigProperty.LIST_TYPE,
                ConsentValue.ID.key());
        value.setOptions(ConsentValue.keys());
        properties.add(value);
        ProviderConfigProperty name = new ProviderConfigProperty(
                CLAIM_NAME,
                "Claim name",
                "Name of the claim, taken as it is: a dot makes no member of a member.",
                ProviderConfigProperty.STRING_TYPE,
                "");
        name.setRequired(true);
        properties.add(name);
        OIDCAttributeMapperHelper.addIncludeInTokensConfig(properties, ConsentClaimMapper.class);
        return List.copyOf(properties);
    }

    @Override
    public void validateConfig(
            KeycloakSession session,
            RealmModel realm,
            ProtocolMapperContainerModel container,
            ProtocolMapperModel mapper)
            throws ProtocolMapperConfigException {
        if (value(mapper).isEmpty()) {
            throw invalid(VALUE + " must be one of " + String.join(", ", ConsentValue.keys()));
        }
        String name = mapper.getConfig().get(CLAIM_NAME);
        if (name == null || !CLAIM_NAMES.matcher(name).matches()) {
            throw invalid(CLAIM_NAME + " must have 1 to 200 characters of ASCII, and no space");
        }
        if (TAKEN.contains(name)) {
            throw invalid(CLAIM_NAME + " must not be one that tokens have anyway");
        }
    }

    /** Keycloak answers with 500 to one without a key of a message; where there is no such message, it shows the text. */
    private static ProtocolMapperConfigException invalid(String text) {
        return new ProtocolMapperConfigException(text, "fapiConsentClaimInvalid");
    }

    @Override
    protected void setClaim(
            IDToken token,
            ProtocolMapperModel mapper,
            UserSessionModel userSession,
            KeycloakSession session,
            ClientSessionContext context) {
        told(mapper, session, context)
                .ifPresent(value -> token.setOtherClaims(mapper.getConfig().get(CLAIM_NAME), value));
    }

    @Override
    protected void setClaim(
            AccessTokenResponse response,
            ProtocolMapperModel mapper,
            UserSessionModel userSession,
            KeycloakSession session,
            ClientSessionContext context) {
        told(mapper, session, context)
                .ifPresent(value -> response.setOtherClaims(mapper.getConfig().get(CLAIM_NAME), value));
    }

    private static Optional<Object> told(
            ProtocolMapperModel mapper, KeycloakSession session, ClientSessionContext context) {
        return ConsentBinding.ofRequest(session)
                .flatMap(consent -> value(mapper).flatMap(value -> value.of(consent, context)));
    }

    private static Optional<ConsentValue> value(ProtocolMapperModel mapper) {
        return ConsentValue.of(mapper.getConfig().get(VALUE));
    }
}
