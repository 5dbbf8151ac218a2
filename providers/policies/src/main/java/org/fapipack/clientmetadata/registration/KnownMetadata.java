package org.fapipack.clientmetadata.registration;

import static java.util.Map.entry;
import static org.fapipack.clientmetadata.registration.MemberType.BOOLEAN;
import static org.fapipack.clientmetadata.registration.MemberType.OBJECT;
import static org.fapipack.clientmetadata.registration.MemberType.SECONDS;
import static org.fapipack.clientmetadata.registration.MemberType.SHORT_TEXT;
import static org.fapipack.clientmetadata.registration.MemberType.TEXT;
import static org.fapipack.clientmetadata.registration.MemberType.TEXTS;

import java.util.List;
import java.util.Map;
import org.keycloak.authentication.authenticators.client.JWTClientAuthenticator;
import org.keycloak.authentication.authenticators.client.X509ClientAuthenticator;
import org.keycloak.models.CibaConfig;
import org.keycloak.models.Constants;
import org.keycloak.models.ParConfig;
import org.keycloak.protocol.oidc.OIDCConfigAttributes;

/**
 * The client metadata that mean something here, by their registered names; all others are ignored.
 *
 * @see <a href="https://www.iana.org/assignments/oauth-parameters/oauth-parameters.xhtml#client-metadata">IANA registry</a>
 */
final class KnownMetadata {

    static final String AUTH_METHOD = "token_endpoint_auth_method";
    static final String CLIENT_ID = "client_id";
    static final String CLIENT_SECRET = "client_secret";
    static final String GRANT_TYPES = "grant_types";
    static final String JWKS = "jwks";
    static final String REDIRECT_URIS = "redirect_uris";
    static final String RESPONSE_MODES = "response_modes";
    static final String RESPONSE_TYPES = "response_types";
    static final String SCOPE = "scope";
    static final String SUBJECT_DN = "tls_client_auth_subject_dn";
    static final String SUBJECT_TYPE = "subject_type";
    static final String SAN_DNS = "tls_client_auth_san_dns";
    static final String SAN_EMAIL = "tls_client_auth_san_email";
    static final String SAN_IP = "tls_client_auth_san_ip";
    static final String SAN_URI = "tls_client_auth_san_uri";

    /** Says which method of mutual TLS a client with the authenticator {@code client-x509} registered. */
    static final String MUTUAL_TLS_METHOD_ATTRIBUTE = "fapi.tls.client.auth.method";

    /**
     * A member that the pack keeps in a client attribute.
     *
     * @param attribute name of the attribute
     */
    record Kept(MemberType type, String attribute) {}

    /** What Keycloak converts into a client itself. */
    static final Map<String, MemberType> CONVERTED_BY_KEYCLOAK = Map.ofEntries(
            entry(REDIRECT_URIS, TEXTS),
            entry(AUTH_METHOD, TEXT),
            entry("token_endpoint_auth_signing_alg", TEXT),
            entry(GRANT_TYPES, TEXTS),
            entry(RESPONSE_TYPES, TEXTS),
            entry("client_name", SHORT_TEXT),
            entry("client_uri", SHORT_TEXT),
            entry("logo_uri", TEXT),
            entry("tos_uri", TEXT),
            entry("policy_uri", TEXT),
            entry(SCOPE, TEXT),
            entry("jwks_uri", TEXT),
            entry(JWKS, OBJECT),
            entry("sector_identifier_uri", TEXT),
            entry(SUBJECT_TYPE, TEXT),
            entry("id_token_signed_response_alg", TEXT),
            entry("id_token_encrypted_response_alg", TEXT),
            entry("id_token_encrypted_response_enc", TEXT),
            entry("userinfo_signed_response_alg", TEXT),
            entry("userinfo_encrypted_response_alg", TEXT),
            entry("userinfo_encrypted_response_enc", TEXT),
            entry("request_object_signing_alg", TEXT),
            entry("authorization_signed_response_alg", TEXT),
            entry("authorization_encrypted_response_alg", TEXT),
            entry("authorization_encrypted_response_enc", TEXT),
            entry("default_acr_values", TEXTS),
            entry("request_uris", TEXTS),
            entry("post_logout_redirect_uris", TEXTS),
            entry("tls_client_certificate_bound_access_tokens", BOOLEAN),
            entry(SUBJECT_DN, TEXT),
            entry("dpop_bound_access_tokens", BOOLEAN),
            entry("require_pushed_authorization_requests", BOOLEAN),
            entry("backchannel_logout_uri", TEXT),
            entry("backchannel_logout_session_required", BOOLEAN),
            entry("backchannel_logout_revoke_offline_tokens", BOOLEAN),
            entry("frontchannel_logout_uri", TEXT),
            entry("frontchannel_logout_session_required", BOOLEAN),
            entry("backchannel_token_delivery_mode", TEXT),
            entry("backchannel_client_notification_endpoint", TEXT),
            entry("backchannel_authentication_request_signing_alg", TEXT));

    /** What Keycloak refuses or forgets. */
    static final Map<String, Kept> KEPT_BY_THE_PACK = Map.ofEntries(
            entry("introspection_signed_response_alg", new Kept(TEXT, "introspection.signed.response.alg")),
            entry("introspection_encrypted_response_alg", new Kept(TEXT, "introspection.encrypted.response.alg")),
            entry("introspection_encrypted_response_enc", new Kept(TEXT, "introspection.encrypted.response.enc")),
            entry("request_object_encryption_alg", new Kept(TEXT, OIDCConfigAttributes.REQUEST_OBJECT_ENCRYPTION_ALG)),
            entry("request_object_encryption_enc", new Kept(TEXT, OIDCConfigAttributes.REQUEST_OBJECT_ENCRYPTION_ENC)),
            entry(RESPONSE_MODES, new Kept(TEXTS, "response.modes")),
            entry("use_mtls_endpoint_aliases", new Kept(BOOLEAN, "use.mtls.endpoint.aliases")),
            entry(SAN_DNS, new Kept(TEXT, "tls.client.auth.san.dns")),
            entry(SAN_URI, new Kept(TEXT, "tls.client.auth.san.uri")),
            entry(SAN_IP, new Kept(TEXT, "tls.client.auth.san.ip")),
            entry(SAN_EMAIL, new Kept(TEXT, "tls.client.auth.san.email")),
            entry("require_signed_request_object", new Kept(BOOLEAN, "require.signed.request.object")),
            entry("authorization_details_types", new Kept(TEXTS, "authorization.details.types")),
            entry("default_max_age", new Kept(SECONDS, "default.max.age")),
            entry("contacts", new Kept(TEXTS, "contacts")),
            entry("software_id", new Kept(TEXT, "software.id")),
            entry("software_version", new Kept(TEXT, "software.version")));

    /** What Keycloak keeps and does not answer, or answers from another attribute. */
    static final Map<String, Kept> KEPT_BY_KEYCLOAK_ALONE = Map.of(
            "logo_uri", new Kept(TEXT, OIDCConfigAttributes.LOGO_URI),
            "tos_uri", new Kept(TEXT, OIDCConfigAttributes.TOS_URI),
            "policy_uri", new Kept(TEXT, OIDCConfigAttributes.POLICY_URI),
            "backchannel_logout_session_required",
                    new Kept(BOOLEAN, OIDCConfigAttributes.BACKCHANNEL_LOGOUT_SESSION_REQUIRED),
            "backchannel_logout_revoke_offline_tokens",
                    new Kept(BOOLEAN, OIDCConfigAttributes.BACKCHANNEL_LOGOUT_REVOKE_OFFLINE_TOKENS));

    /** Attributes that Keycloak leaves as they are where an update says nothing of them. */
    static final List<String> REPLACED_BY_AN_UPDATE = List.of(
            OIDCConfigAttributes.TOKEN_ENDPOINT_AUTH_SIGNING_ALG,
            OIDCConfigAttributes.LOGO_URI,
            OIDCConfigAttributes.TOS_URI,
            OIDCConfigAttributes.POLICY_URI,
            OIDCConfigAttributes.USE_JWKS_STRING,
            OIDCConfigAttributes.JWKS_STRING,
            OIDCConfigAttributes.USE_JWKS_URL,
            OIDCConfigAttributes.JWKS_URL,
            JWTClientAuthenticator.ATTR_PREFIX + ".public.key",
            JWTClientAuthenticator.ATTR_PREFIX + ".certificate",
            JWTClientAuthenticator.ATTR_PREFIX + ".kid",
            OIDCConfigAttributes.SECTOR_IDENTIFIER_URI,
            OIDCConfigAttributes.ID_TOKEN_SIGNED_RESPONSE_ALG,
            OIDCConfigAttributes.ID_TOKEN_ENCRYPTED_RESPONSE_ALG,
            OIDCConfigAttributes.ID_TOKEN_ENCRYPTED_RESPONSE_ENC,
            OIDCConfigAttributes.USER_INFO_RESPONSE_SIGNATURE_ALG,
            OIDCConfigAttributes.USER_INFO_ENCRYPTED_RESPONSE_ALG,
            OIDCConfigAttributes.USER_INFO_ENCRYPTED_RESPONSE_ENC,
            OIDCConfigAttributes.REQUEST_OBJECT_SIGNATURE_ALG,
            OIDCConfigAttributes.AUTHORIZATION_SIGNED_RESPONSE_ALG,
            OIDCConfigAttributes.AUTHORIZATION_ENCRYPTED_RESPONSE_ALG,
            OIDCConfigAttributes.AUTHORIZATION_ENCRYPTED_RESPONSE_ENC,
            Constants.DEFAULT_ACR_VALUES,
            OIDCConfigAttributes.REQUEST_URIS,
            OIDCConfigAttributes.POST_LOGOUT_REDIRECT_URIS,
            OIDCConfigAttributes.USE_MTLS_HOK_TOKEN,
            X509ClientAuthenticator.ATTR_SUBJECT_DN,
            OIDCConfigAttributes.DPOP_BOUND_ACCESS_TOKENS,
            ParConfig.REQUIRE_PUSHED_AUTHORIZATION_REQUESTS,
            OIDCConfigAttributes.BACKCHANNEL_LOGOUT_URL,
            OIDCConfigAttributes.FRONT_CHANNEL_LOGOUT_URI,
            CibaConfig.CIBA_BACKCHANNEL_TOKEN_DELIVERY_MODE_PER_CLIENT,
            CibaConfig.CIBA_BACKCHANNEL_CLIENT_NOTIFICATION_ENDPOINT,
            CibaConfig.CIBA_BACKCHANNEL_AUTH_REQUEST_SIGNING_ALG,
            MUTUAL_TLS_METHOD_ATTRIBUTE);

    private KnownMetadata() {}
}
