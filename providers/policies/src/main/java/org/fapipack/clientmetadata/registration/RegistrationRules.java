package org.fapipack.clientmetadata.registration;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.fapipack.clientmetadata.JwkSetRules;
import org.keycloak.OAuth2Constants;
import org.keycloak.authentication.authenticators.client.X509ClientAuthenticator;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;

/** What every client's metadata must be, whatever its client policies say. */
final class RegistrationRules {

    static final String SELF_SIGNED = "self_signed_tls_client_auth";

    private static final String CIBA_ALGORITHM = "backchannel_authentication_request_signing_alg";
    private static final String JWKS_URI = "jwks_uri";
    private static final int HIGHEST_PORT = 65_535;

    private static final Set<String> MODES =
            Set.of("query", "fragment", "form_post", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt");

    /** Keycloak's own check fails on a name that it does not know. */
    private static final Set<String> ASYMMETRIC_ALGORITHMS =
            Set.of("ES256", "ES384", "ES512", "EdDSA", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512");

    private static final Set<String> SUBJECT_TYPES = Set.of("public", "pairwise");

    /** RFC 8705 section 2.1.2: a certificate is known by one of these. */
    private static final List<String> SUBJECTS = List.of(
            KnownMetadata.SUBJECT_DN,
            KnownMetadata.SAN_DNS,
            KnownMetadata.SAN_URI,
            KnownMetadata.SAN_IP,
            KnownMetadata.SAN_EMAIL);

    private static final Pattern DNS_NAME =
            Pattern.compile("(?:[\\w*](?:[\\w-]{0,61}\\w)?\\.)*\\w(?:[\\w-]{0,61}\\w)?\\.?");
    private static final Pattern IP_ADDRESS = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+");
    private static final Pattern EMAIL_ADDRESS = Pattern.compile("[^@\\s]+@[^@\\s]+");

    private RegistrationRules() {}

    /** Refuses what is unsound. */
    static void check(ClientMetadataDocument metadata) throws RefusedRegistration {
        Optional<String> redirectUri = redirectUriDefect(metadata);
        if (redirectUri.isPresent()) {
            throw RefusedRegistration.redirectUri(redirectUri.get());
        }
        Optional<String> other = keyDefect(metadata)
                .or(() -> certificateDefect(metadata))
                .or(() ->
                        unknownValue(metadata.texts(KnownMetadata.RESPONSE_MODES), KnownMetadata.RESPONSE_MODES, MODES))
                .or(() -> unknownValue(
                        metadata.text(KnownMetadata.SUBJECT_TYPE).stream().toList(),
                        KnownMetadata.SUBJECT_TYPE,
                        SUBJECT_TYPES))
                .or(() -> unknownValue(
                        metadata.text(CIBA_ALGORITHM).stream().toList(), CIBA_ALGORITHM, ASYMMETRIC_ALGORITHMS));
        if (other.isPresent()) {
            throw RefusedRegistration.metadata(other.get());
        }
    }

    /** Whether all redirect URIs are what {@code https} clients have; others are a client policy's choice. */
    static boolean allRedirectUrisAreHttps(ClientMetadataDocument metadata) {
        return metadata.texts(KnownMetadata.REDIRECT_URIS).stream().allMatch(uri -> uri.startsWith("https://"));
    }

    private static Optional<String> redirectUriDefect(ClientMetadataDocument metadata) {
        List<String> uris = metadata.texts(KnownMetadata.REDIRECT_URIS);
        List<String> grants = metadata.texts(KnownMetadata.GRANT_TYPES);
        boolean redirects = grants.isEmpty() || grants.contains(OAuth2Constants.AUTHORIZATION_CODE);
        return uris.isEmpty() && redirects
                ? Optional.of("redirect_uris is required for the grant type authorization_code")
                : uris.stream()
                        .filter(uri -> !isExactAddress(uri))
                        .findFirst()
                        .map(uri ->
                                "redirect_uris must hold absolute URIs of at most %d characters, without fragment, user and wildcard"
                                        .formatted(MemberType.COLUMN_CHARACTERS));
    }

    /** Keycloak takes a path that ends with an asterisk for all paths that begin so. */
    private static boolean isExactAddress(String text) {
        try {
            URI uri = new URI(text);
            return uri.isAbsolute()
                    && !text.contains("#")
                    && !text.contains("*")
                    && uri.getRawUserInfo() == null
                    && uri.getPort() <= HIGHEST_PORT
                    && !(uri.getScheme().startsWith("http") && uri.getHost() == null)
                    && text.length() <= MemberType.COLUMN_CHARACTERS;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    private static Optional<String> keyDefect(ClientMetadataDocument metadata) {
        if (metadata.has(KnownMetadata.JWKS) && metadata.has(JWKS_URI)) {
            return Optional.of("jwks and jwks_uri must not both be registered");
        }
        if (metadata.text(JWKS_URI).filter(uri -> !uri.startsWith("https://")).isPresent()) {
            return Optional.of("jwks_uri must be an https address");
        }
        return metadata.jwks().flatMap(JwkSetRules::firstDefect);
    }

    private static Optional<String> certificateDefect(ClientMetadataDocument metadata) {
        List<String> subjects = SUBJECTS.stream().filter(metadata::has).toList();
        boolean bySubject = metadata.text(KnownMetadata.AUTH_METHOD)
                .filter(OIDCLoginProtocol.TLS_CLIENT_AUTH::equals)
                .isPresent();
        if (subjects.size() > 1 || (bySubject && subjects.isEmpty())) {
            return Optional.of("tls_client_auth takes exactly one of " + String.join(", ", SUBJECTS));
        }
        if (metadata.isSelfSigned() && !metadata.has(KnownMetadata.JWKS) && !metadata.has(JWKS_URI)) {
            return Optional.of("self_signed_tls_client_auth needs jwks or jwks_uri");
        }
        return subjects.stream()
                .filter(member -> !isSubject(member, metadata.text(member).orElseThrow()))
                .findFirst()
                .map(member -> member + " cannot be read");
    }

    private static boolean isSubject(String member, String value) {
        return switch (member) {
            case KnownMetadata.SAN_DNS -> DNS_NAME.matcher(value).matches();
            case KnownMetadata.SAN_URI -> isAbsolute(value);
            case KnownMetadata.SAN_IP -> IP_ADDRESS.matcher(value).matches();
            case KnownMetadata.SAN_EMAIL -> EMAIL_ADDRESS.matcher(value).matches();
            default -> isDistinguishedName(value);
        };
    }

    private static boolean isAbsolute(String value) {
        try {
            return new URI(value).isAbsolute();
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    private static boolean isDistinguishedName(String value) {
        try {
            return !X509ClientAuthenticator.constructX500Principal(value)
                    .getName()
                    .isEmpty();
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static Optional<String> unknownValue(List<String> values, String member, Set<String> known) {
        return known.containsAll(values)
                ? Optional.empty()
                : Optional.of(member + " must be of "
                        + String.join(", ", known.stream().sorted().toList()));
    }
}
