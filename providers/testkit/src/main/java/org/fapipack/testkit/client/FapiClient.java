package org.fapipack.testkit.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.http.Route;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwkSets;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.tls.TestPki;
import org.fapipack.testkit.tls.TlsIdentity;

/**
 * A confidential FAPI 2.0 client of one issuer. Immutable; {@link #toBuilder} makes a variation.
 *
 * <p>Three layers, so that a test can step in where it wants: drafts of JWTs ({@link #requestObject}, {@link
 * #clientAssertion}, {@link #dpopProof}), requests that are complete but not yet sent ({@link EndpointCall}, {@link ApiCall}), and the
 * steps of a successful flow ({@link #push}, {@link #verifyJarm}, {@link #redeem}, {@link #refresh}).
 */
public final class FapiClient {

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /** Short, as FAPI likes it, yet long enough for a slow machine. */
    private static final Duration ASSERTION_LIFETIME = Duration.ofSeconds(60);

    private static final Duration REQUEST_OBJECT_LIFETIME = Duration.ofMinutes(5);

    private final Builder settings;
    private final HttpCaller http;
    private ServerMetadata metadata;

    private FapiClient(Builder settings) {
        this.settings = settings;
        TlsIdentity certificate = settings.presentedCertificate();
        this.http = HttpCaller.over(
                        certificate == null ? settings.pki.sslContext() : settings.pki.sslContext(certificate))
                .by(settings.route);
    }

    /** A client of this issuer, for example {@code https://localhost:8443/realms/fapi}. */
    public static Builder of(TestPki pki, URI issuer, String clientId) {
        Builder builder = new Builder();
        builder.pki = pki;
        builder.issuer = issuer;
        builder.clientId = clientId;
        return builder;
    }

    /** The same client whose requests take the given route. */
    public FapiClient by(Route route) {
        return toBuilder().route(route).build();
    }

    /** The same settings, to be varied. */
    public Builder toBuilder() {
        return settings.copy();
    }

    public String clientId() {
        return settings.clientId;
    }

    public String issuer() {
        return settings.issuer.toString();
    }

    public URI redirectUri() {
        return settings.redirectUri;
    }

    /** The key of private_key_jwt, which is in the registered {@code jwks}. */
    public Optional<SigningKey> authenticationKey() {
        return Optional.ofNullable(settings.authenticationKey);
    }

    public Optional<SigningKey> dpopKey() {
        return Optional.ofNullable(settings.dpopKey);
    }

    public Optional<TlsIdentity> certificate() {
        return Optional.ofNullable(settings.presentedCertificate());
    }

    /** The issuer's discovery document, fetched once. */
    public synchronized ServerMetadata metadata() {
        if (metadata == null) {
            Exchange answer = http.get(URI.create(settings.issuer + "/.well-known/openid-configuration"))
                    .expect(200);
            metadata = new ServerMetadata(answer.json());
            if (!metadata.issuer().equals(issuer())) {
                throw new IllegalStateException(
                        "discovery of " + issuer() + " names another issuer: " + metadata.issuer());
            }
        }
        return metadata;
    }

    /** The issuer's keys as they are now. */
    public JWKSet issuerKeys() {
        return JwkSets.parse(http.get(metadata().jwksUri()).expect(200).body());
    }

    /** New state, nonce and PKCE verifier. */
    public PendingAuthorization begin() {
        return PendingAuthorization.to(settings.redirectUri);
    }

    /** A correct request object (RFC 9101), to be sent or to be spoilt. */
    public JwtDraft requestObject(PendingAuthorization pending) {
        Instant now = now();
        JwtDraft draft = JwtDraft.empty()
                .header("typ", "oauth-authz-req+jwt")
                .claim("iss", clientId())
                .claim("aud", issuer())
                .claim("iat", now)
                .claim("nbf", now)
                .claim("exp", now.plus(REQUEST_OBJECT_LIFETIME))
                .claim("jti", UUID.randomUUID().toString())
                .claim("client_id", clientId())
                .claim("response_type", "code")
                .claim("redirect_uri", pending.redirectUri().toString())
                .claim("scope", settings.scope)
                .claim("state", pending.state())
                .claim("nonce", pending.nonce())
                .claim("code_challenge", pending.codeChallenge())
                .claim("code_challenge_method", "S256");
        if (settings.responseMode != null) {
            draft = draft.claim("response_mode", settings.responseMode);
        }
        return settings.requestObjectKey == null ? draft : draft.signedBy(settings.requestObjectKey);
    }

    /** The same request as plain parameters, without a request object. */
    public Form plainParameters(PendingAuthorization pending) {
        Form form = Form.of(
                "client_id", clientId(),
                "response_type", "code",
                "redirect_uri", pending.redirectUri().toString(),
                "scope", settings.scope,
                "state", pending.state(),
                "nonce", pending.nonce(),
                "code_challenge", pending.codeChallenge(),
                "code_challenge_method", "S256");
        return settings.responseMode == null ? form : form.add("response_mode", settings.responseMode);
    }

    /** A correct client assertion for private_key_jwt (RFC 7523). FAPI 2.0: its audience is the issuer. */
    public JwtDraft clientAssertion() {
        Instant now = now();
        JwtDraft draft = JwtDraft.empty()
                .claim("iss", clientId())
                .claim("sub", clientId())
                .claim("aud", issuer())
                .claim("jti", UUID.randomUUID().toString())
                .claim("iat", now)
                .claim("nbf", now)
                .claim("exp", now.plus(ASSERTION_LIFETIME));
        return draft.signedBy(settings.authenticationKey);
    }

    /** A correct DPoP proof without access token (RFC 9449, section 4.2). */
    public JwtDraft dpopProof(String method, URI uri) {
        return dpopProof(settings.dpopKey, method, uri);
    }

    /** A correct DPoP proof made with some other key. */
    public JwtDraft dpopProof(SigningKey key, String method, URI uri) {
        return JwtDraft.empty()
                .signedBy(key)
                .withoutHeader("kid")
                .header("typ", "dpop+jwt")
                .header("jwk", key.barePublicJwk())
                .claim("jti", UUID.randomUUID().toString())
                .claim("htm", method)
                .claim("htu", withoutQuery(uri).toString())
                .claim("iat", now());
    }

    /** A correct DPoP proof for the use of an access token: with {@code ath}. */
    public JwtDraft dpopProof(String method, URI uri, String accessToken) {
        return dpopProof(method, uri).claim("ath", accessTokenHash(accessToken));
    }

    /** {@code ath}: base64url SHA-256 of the access token. */
    public static String accessTokenHash(String accessToken) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(accessToken.getBytes(US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** PAR with a request object: {@code client_id}, {@code request} and client authentication. */
    public EndpointCall pushedAuthorizationRequest(JwtDraft requestObject) {
        return pushedAuthorizationRequest(Form.of("client_id", clientId(), "request", requestObject.compact()));
    }

    /** PAR with these parameters and client authentication. */
    public EndpointCall pushedAuthorizationRequest(Form parameters) {
        return call(ServerMetadata.PUSHED_AUTHORIZATION_REQUEST, parameters);
    }

    /** A token request with any grant. */
    public EndpointCall tokenRequest(Form parameters) {
        return call(ServerMetadata.TOKEN, parameters);
    }

    public EndpointCall codeRequest(String code, PendingAuthorization pending) {
        return tokenRequest(Form.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                pending.redirectUri().toString(),
                "code_verifier",
                pending.codeVerifier()));
    }

    public EndpointCall refreshRequest(String refreshToken) {
        return tokenRequest(Form.of("grant_type", "refresh_token", "refresh_token", refreshToken));
    }

    public EndpointCall clientCredentialsRequest(String scope) {
        return tokenRequest(Form.of("grant_type", "client_credentials", "scope", scope));
    }

    /** Introspection as this client; {@code accept} is the wanted media type. */
    public EndpointCall introspectionRequest(String token, String accept) {
        return call(ServerMetadata.INTROSPECTION, Form.of("token", token))
                .withoutDpop()
                .header("Accept", accept);
    }

    public EndpointCall revocationRequest(String token) {
        return call(ServerMetadata.REVOCATION, Form.of("token", token)).withoutDpop();
    }

    /** Any endpoint that discovery names, with client authentication and, for a DPoP client, a proof. */
    public EndpointCall call(String endpoint, Form parameters) {
        URI uri = settings.presentedCertificate() == null
                ? metadata().endpoint(endpoint)
                : metadata().mtlsEndpoint(endpoint);
        Headers headers = settings.dpopKey == null
                ? Headers.none()
                : Headers.of("DPoP", dpopProof("POST", uri).compact());
        return new EndpointCall(http, settings.observer, uri, authenticated(parameters), headers);
    }

    private Form authenticated(Form parameters) {
        if (settings.authenticationKey == null) {
            return parameters.set("client_id", clientId());
        }
        return parameters
                .set("client_assertion_type", ASSERTION_TYPE)
                .set("client_assertion", clientAssertion().compact());
    }

    /** Pushes a correct signed request object. */
    public PushedRequest push(PendingAuthorization pending) {
        return push(requestObject(pending));
    }

    public PushedRequest push(JwtDraft requestObject) {
        return PushedRequest.from(pushedAuthorizationRequest(requestObject).send());
    }

    /** Where to send the browser: nothing but {@code client_id} and {@code request_uri}. */
    public URI authorizationUrl(String requestUri) {
        return authorizationUrl(Form.of("client_id", clientId(), "request_uri", requestUri));
    }

    /** The authorization endpoint with any parameters. */
    public URI authorizationUrl(Form parameters) {
        return URI.create(metadata().endpoint(ServerMetadata.AUTHORIZATION) + "?" + parameters.encode());
    }

    /**
     * Verifies an authorization response.
     *
     * @throws JarmRejection when it must not be believed
     */
    public JarmResponse verifyJarm(ClientRedirect redirect, PendingAuthorization pending) {
        return new JarmVerifier(
                        issuer(),
                        clientId(),
                        settings.jarmAlgorithm,
                        Optional.ofNullable(settings.jarmDecryptionKey),
                        this::issuerKeys,
                        settings.clock)
                .verify(redirect.parameters(), pending.state());
    }

    /** Exchanges a code and checks what a client must, see {@link #accept}. */
    public Tokens redeem(String code, PendingAuthorization pending) {
        return accept(codeRequest(code, pending).send(), pending);
    }

    /** Checks a token response as a client must: status, token type, and the ID token if there is one. */
    public Tokens accept(Exchange answer, PendingAuthorization pending) {
        Tokens tokens = Tokens.from(answer);
        String expectedType = settings.dpopKey == null ? "Bearer" : "DPoP";
        if (!expectedType.equalsIgnoreCase(tokens.tokenType())) {
            throw new IllegalStateException("token_type is " + tokens.tokenType() + ", not " + expectedType);
        }
        tokens.idToken().ifPresent(idToken -> verifyIdToken(idToken, pending));
        return tokens;
    }

    /**
     * Checks an ID token, which is encrypted where this client has a key for that, and gives its claims.
     *
     * @throws IllegalStateException when it must not be believed
     */
    public Map<String, Object> verifyIdToken(String idToken, PendingAuthorization pending) {
        CompactJwt jwt = CompactJwt.parse(
                settings.idTokenDecryptionKey == null
                        ? idToken
                        : Encrypted.open(idToken, settings.idTokenDecryptionKey));
        JWSAlgorithm algorithm = JWSAlgorithm.parse(jwt.headerText("alg").orElseThrow());
        JWK key = JwkSets.signingKey(issuerKeys(), jwt.headerText("kid").orElse(null))
                .orElseThrow(() -> new IllegalStateException("ID token with an unknown key"));
        Map<String, Object> claims = jwt.claims();
        if (!jwt.isSignedBy(key, algorithm)
                || !issuer().equals(claims.get("iss"))
                || !clientId().equals(claims.get("aud"))
                || !pending.nonce().equals(claims.get("nonce"))) {
            throw new IllegalStateException("ID token with a wrong signature, issuer, audience or nonce");
        }
        return claims;
    }

    public Tokens refresh(String refreshToken) {
        return Tokens.from(refreshRequest(refreshToken).send());
    }

    public Tokens clientCredentials(String scope) {
        return Tokens.from(clientCredentialsRequest(scope).send());
    }

    /** Push, log in, consent where asked, verify the JARM response, redeem the code. */
    public Tokens obtainTokens(Browser browser, String username, String password) {
        PendingAuthorization pending = begin();
        PushedRequest pushed = push(pending);
        ClientRedirect redirect = browser.logInAndConsent(authorizationUrl(pushed.requestUri()), username, password);
        return redeem(verifyJarm(redirect, pending).code(), pending);
    }

    /** GET of a protected resource with this client's sender constraint: DPoP proof or certificate. */
    public Exchange callApi(URI resource, String accessToken) {
        return callApi("GET", resource, accessToken, Headers.of("Accept", "application/json"), "");
    }

    /**
     * Any call of a protected resource with this client's sender constraint.
     *
     * @param json the body; empty for none
     */
    public Exchange callApi(String method, URI resource, String accessToken, Headers more, String json) {
        return apiCall(method, resource, accessToken, more, json).send();
    }

    /** The same call, not yet sent. */
    public ApiCall apiCall(String method, URI resource, String accessToken, Headers more, String json) {
        Headers headers = settings.dpopKey == null
                ? Headers.of("Authorization", "Bearer " + accessToken)
                : Headers.of("Authorization", "DPoP " + accessToken)
                        .add("DPoP", dpopProof(method, resource, accessToken).compact());
        headers = headers.addAll(more);
        return new ApiCall(
                http,
                settings.observer,
                method,
                resource,
                json.isEmpty() ? headers : headers.add("Content-Type", "application/json"),
                json);
    }

    /** GET of a protected resource with exactly these headers, over this client's TLS connection. */
    public Exchange callApi(URI resource, Headers headers) {
        Exchange exchange = http.get(resource, headers.add("Accept", "application/json"));
        settings.observer.accept(exchange);
        return exchange;
    }

    private Instant now() {
        return settings.clock.instant();
    }

    private static URI withoutQuery(URI uri) {
        String text = uri.toString();
        int end = text.length();
        for (char mark : new char[] {'?', '#'}) {
            int at = text.indexOf(mark);
            if (at >= 0) {
                end = Math.min(end, at);
            }
        }
        return URI.create(text.substring(0, end));
    }

    /** The client's JWKS to register: the keys for authentication, request objects and ID tokens. */
    public String publicJwks() {
        List<JWK> keys = Stream.concat(
                        Stream.of(settings.authenticationKey, settings.requestObjectKey)
                                .filter(Objects::nonNull)
                                .distinct()
                                .map(SigningKey::publicJwk),
                        Stream.ofNullable(settings.idTokenDecryptionKey).map(JWK::toPublicJWK))
                .toList();
        return Json.write(new JWKSet(keys).toJSONObject());
    }

    /** Settings of a client. */
    public static final class Builder implements Cloneable {

        private TestPki pki;
        private URI issuer;
        private String clientId;
        private URI redirectUri = URI.create("https://client.example.test/callback");
        private String scope = "openid";
        private String responseMode = "jwt";
        private SigningKey authenticationKey;
        private SigningKey requestObjectKey;
        private TlsIdentity authenticationCertificate;
        private SigningKey dpopKey;
        private TlsIdentity boundCertificate;
        private JWSAlgorithm jarmAlgorithm = JWSAlgorithm.PS256;
        private JWK jarmDecryptionKey;
        private JWK idTokenDecryptionKey;
        private Clock clock = Clock.systemUTC();
        private Route route = Route.direct();
        private Consumer<Exchange> observer = exchange -> {};

        private Builder() {}

        /** private_key_jwt with this key, which also signs request objects unless another key is set for them. */
        public Builder authenticatesWith(SigningKey key) {
            authenticationKey = key;
            authenticationCertificate = null;
            if (requestObjectKey == null) {
                requestObjectKey = key;
            }
            return this;
        }

        /** tls_client_auth or self_signed_tls_client_auth with this certificate. */
        public Builder authenticatesWith(TlsIdentity certificate) {
            authenticationCertificate = certificate;
            authenticationKey = null;
            return this;
        }

        public Builder signsRequestObjectsWith(SigningKey key) {
            requestObjectKey = key;
            return this;
        }

        /** Sender constraint by DPoP (RFC 9449). */
        public Builder bindsTokensTo(SigningKey key) {
            dpopKey = key;
            boundCertificate = null;
            return this;
        }

        /** Sender constraint by client certificate (RFC 8705). */
        public Builder bindsTokensTo(TlsIdentity certificate) {
            boundCertificate = certificate;
            dpopKey = null;
            return this;
        }

        /** No sender constraint: what FAPI forbids. */
        public Builder bindsTokensToNothing() {
            boundCertificate = null;
            dpopKey = null;
            return this;
        }

        public Builder issuer(URI value) {
            issuer = value;
            return this;
        }

        public Builder clientId(String value) {
            clientId = value;
            return this;
        }

        public Builder redirectUri(URI value) {
            redirectUri = value;
            return this;
        }

        public Builder scope(String value) {
            scope = value;
            return this;
        }

        /** {@code jwt} unless set; null sends none. */
        public Builder responseMode(String value) {
            responseMode = value;
            return this;
        }

        /** The only algorithm accepted for authorization responses; PS256 unless set. */
        public Builder jarmAlgorithm(JWSAlgorithm value) {
            jarmAlgorithm = value;
            return this;
        }

        /** Expects encrypted authorization responses. */
        public Builder jarmDecryptionKey(JWK value) {
            jarmDecryptionKey = value;
            return this;
        }

        /** Expects encrypted ID tokens, and registers the public half of the key. */
        public Builder idTokenDecryptionKey(JWK value) {
            idTokenDecryptionKey = value;
            return this;
        }

        /** For assertions, request objects and proofs of another time. */
        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        /** Where its requests go; to the addresses of the issuer's metadata unless set. */
        public Builder route(Route value) {
            route = value;
            return this;
        }

        /** Sees each exchange with the authorization server and with protected resources. */
        public Builder observer(Consumer<Exchange> value) {
            observer = value;
            return this;
        }

        public FapiClient build() {
            return new FapiClient(copy());
        }

        private TlsIdentity presentedCertificate() {
            return boundCertificate != null ? boundCertificate : authenticationCertificate;
        }

        private Builder copy() {
            try {
                return (Builder) clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
