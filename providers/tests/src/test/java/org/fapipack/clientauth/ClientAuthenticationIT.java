package org.fapipack.clientauth;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static com.nimbusds.jose.JWSAlgorithm.EdDSA;
import static com.nimbusds.jose.JWSAlgorithm.PS256;
import static com.nimbusds.jose.JWSAlgorithm.RS256;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.REDIRECT_URI;
import static org.fapipack.fixture.FapiRealm.USER;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.net.URI;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.EndpointCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Parties;
import org.fapipack.testkit.tls.TlsIdentity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client authenticates as FAPI wants it, at every endpoint and before anything of its request is used up. */
class ClientAuthenticationIT {

    private static final String JSON = "application/json";
    private static final String SIGNED_INTROSPECTION = "application/token-introspection+jwt";
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final String SECRET = "a secret of more than thirty-two octets";

    private static FapiRealm realm;
    private static SigningKey key;
    private static FapiClient client;
    private static FapiClient resourceServer;

    /** A request that succeeds, or fails only for want of a code, token or grant, as long as its client authentication is good. */
    private enum Endpoint {
        PUSHED_AUTHORIZATION_REQUEST(201, null) {
            @Override
            EndpointCall call() {
                return client.pushedAuthorizationRequest(client.requestObject(client.begin()));
            }
        },
        AUTHORIZATION_CODE(400, "invalid_grant") {
            @Override
            EndpointCall call() {
                return client.codeRequest("no-such-code", client.begin());
            }
        },
        REFRESH_TOKEN(400, "invalid_grant") {
            @Override
            EndpointCall call() {
                return client.refreshRequest("no-such-token");
            }
        },
        CLIENT_CREDENTIALS(200, null) {
            @Override
            EndpointCall call() {
                return client.clientCredentialsRequest("accounts");
            }
        },
        INTROSPECTION(200, null) {
            @Override
            EndpointCall call() {
                return resourceServer.introspectionRequest("no-such-token", SIGNED_INTROSPECTION);
            }

            @Override
            FapiClient party() {
                return resourceServer;
            }
        },
        REVOCATION(200, "invalid_token") {
            @Override
            EndpointCall call() {
                return revocation(client);
            }
        },
        LOGOUT(400, "invalid_grant") {
            @Override
            EndpointCall call() {
                return client.call("end_session_endpoint", Form.of("refresh_token", "no-such-token"));
            }
        },
        DEVICE_AUTHORIZATION(400, "unauthorized_client") {
            @Override
            EndpointCall call() {
                return client.call("device_authorization_endpoint", Form.of("scope", "openid"));
            }
        },
        BACKCHANNEL_AUTHENTICATION(401, "invalid_grant") {
            @Override
            EndpointCall call() {
                return client.call(
                        "backchannel_authentication_endpoint", Form.of("scope", "openid", "login_hint", USER));
            }
        };

        private final int statusOfTheAuthenticated;
        private final String errorOfTheAuthenticated;

        Endpoint(int statusOfTheAuthenticated, String errorOfTheAuthenticated) {
            this.statusOfTheAuthenticated = statusOfTheAuthenticated;
            this.errorOfTheAuthenticated = errorOfTheAuthenticated;
        }

        abstract EndpointCall call();

        FapiClient party() {
            return client;
        }

        void assertLetsIn(EndpointCall call) {
            Exchange answer = call.send();
            assertThat(answer.status()).as(this + ": " + answer.body()).isEqualTo(statusOfTheAuthenticated);
            assertThat(answer.error().orElse(null)).as(toString()).isEqualTo(errorOfTheAuthenticated);
        }
    }

    @BeforeAll
    static void prepareRealm() {
        realm = recorded(KeycloakUnderTest.running().messageSigningRealm());
        key = SigningKey.generate(PS256);
        client = register("app", key, PS256);
        resourceServer = realm.accountsApi();
    }

    // Accepted

    @ParameterizedTest
    @EnumSource
    @Requirement({"SP-5.3.2.1-6", "SP-5.3.2.1-8"})
    void theIssuerAsOneStringIsTheAudience(Endpoint endpoint) {
        endpoint.assertLetsIn(endpoint.call());
    }

    static Stream<Arguments> lastAccepted() {
        return Stream.of(
                change("SP-5.3.2.1-13 iat 8 seconds ahead", draft -> at(draft, "iat", 8)),
                change("SP-5.3.2.1-13 nbf 8 seconds ahead", draft -> at(draft, "nbf", 8)),
                change("no iat", draft -> draft.withoutClaim("iat")),
                change("no nbf", draft -> draft.withoutClaim("nbf")),
                change("CA-2 iat 290 seconds ago", draft -> at(draft, "iat", -290)),
                change("CA-2 exp 290 seconds ahead", draft -> at(draft, "exp", 290)),
                change("CA-2 exp 3 seconds ago", draft -> at(draft, "exp", -3)),
                change("CA-3 jti of 512 characters", draft -> draft.claim("jti", longJti(512))),
                change("CA-7 typ client-authentication+jwt", draft -> draft.header("typ", "client-authentication+jwt")),
                change("CA-7 typ JWT", draft -> draft.header("typ", "JWT")),
                change("SP-5.4.3 no kid", draft -> draft.withoutHeader("kid")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lastAccepted")
    @Requirement({"SP-5.3.2.1-13", "CA-2", "CA-3", "CA-7"})
    void theLastAllowedValueIsAccepted(String name, UnaryOperator<JwtDraft> change) {
        for (Endpoint endpoint : Endpoint.values()) {
            FapiClient party = endpoint.party();
            endpoint.assertLetsIn(endpoint.call().clientAssertion(change.apply(party.clientAssertion())));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PS256", "ES256", "EdDSA"})
    @Requirement("SP-5.4.1-1")
    void eachAlgorithmOfFapiWorksFromPushToIntrospection(String algorithm) {
        FapiClient party = realm.addDpopClient("alg-" + algorithm.toLowerCase(java.util.Locale.ROOT), parse(algorithm));
        Tokens tokens = realm.tokensFor(party);
        assertThat(party.refresh(tokens.refreshToken().orElseThrow()).accessToken())
                .isNotEmpty();
        assertThat(party.call(ServerMetadata.REVOCATION, Form.of("token", tokens.accessToken()))
                        .send()
                        .status())
                .isEqualTo(200);

        FapiClient api = realm.addResourceServer("rs-" + algorithm.toLowerCase(java.util.Locale.ROOT), ES256);
        SigningKey apiKey = SigningKey.generate(parse(algorithm));
        realm.admin()
                .updateClient(
                        realm.name(),
                        api.clientId(),
                        Map.of(
                                "attributes",
                                Map.of(
                                        "jwks.string",
                                        SigningKey.publicJwks(apiKey),
                                        "token.endpoint.auth.signing.alg",
                                        algorithm)));
        assertThat(api.toBuilder()
                        .authenticatesWith(apiKey)
                        .build()
                        .introspectionRequest("no-such-token", SIGNED_INTROSPECTION)
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    @Requirement("SP-5.4.1-1")
    void theNewNameOfEdDsaIsUnderstood() {
        FapiClient party = realm.addDpopClient("ed25519", EdDSA);
        for (JwtDraft assertion : List.of(
                party.clientAssertion().header("alg", "Ed25519"),
                party.clientAssertion().header("alg", "EdDSA"))) {
            assertThat(party.pushedAuthorizationRequest(party.requestObject(party.begin()))
                            .clientAssertion(assertion)
                            .send()
                            .status())
                    .isEqualTo(201);
        }
        assertRefused(party.refreshRequest("x")
                .clientAssertion(party.clientAssertion().header("alg", "Ed448")));
    }

    // Refused at every endpoint

    static Stream<Arguments> defects() {
        return Stream.of(
                defect(
                        "SP-5.3.2.1-8 aud array with the issuer alone",
                        draft -> draft.claim("aud", List.of(client.issuer())),
                        "aud_not_issuer"),
                defect("SP-5.3.2.1-8 aud token endpoint", audience(ServerMetadata.TOKEN), "aud_not_issuer"),
                defect(
                        "SP-5.3.2.1-8 aud PAR endpoint",
                        audience(ServerMetadata.PUSHED_AUTHORIZATION_REQUEST),
                        "aud_not_issuer"),
                defect(
                        "SP-5.3.2.1-8 aud introspection endpoint",
                        audience(ServerMetadata.INTROSPECTION),
                        "aud_not_issuer"),
                defect(
                        "SP-5.3.2.1-8 aud other issuer",
                        draft -> draft.claim("aud", "https://as.example.com"),
                        "aud_not_issuer"),
                defect(
                        "SP-5.3.2.1-8 aud issuer with a slash",
                        draft -> draft.claim("aud", client.issuer() + "/"),
                        "aud_not_issuer"),
                defect("SP-5.3.2.1-8 no aud", draft -> draft.withoutClaim("aud"), "aud_not_issuer"),
                defect("SP-5.3.2.1-13 iat 65 seconds ahead", draft -> at(draft, "iat", 65), "iat_in_future"),
                defect("SP-5.3.2.1-13 nbf 65 seconds ahead", draft -> at(draft, "nbf", 65), "nbf_in_future"),
                defect("iat as text", draft -> draft.claim("iat", "now"), "iat_not_a_time"),
                defect("CA-2 no exp", draft -> draft.withoutClaim("exp"), "exp_missing"),
                defect("CA-2 exp past", draft -> at(draft, "exp", -15), "assertion_expired"),
                defect("CA-2 exp 310 seconds ahead", draft -> at(draft, "exp", 310), "exp_too_far"),
                defect("CA-2 exp far, no iat", draft -> at(draft.withoutClaim("iat"), "exp", 3600), "exp_too_far"),
                defect("CA-2 iat 310 seconds ago", draft -> at(draft, "iat", -310), "iat_too_old"),
                defect("CA-1 no jti", draft -> draft.withoutClaim("jti"), "jti_missing"),
                defect("CA-1 empty jti", draft -> draft.claim("jti", ""), "jti_missing"),
                defect("CA-1 jti as number", draft -> draft.claim("jti", 4711), "jti_missing"),
                defect("CA-3 jti of 513 characters", draft -> draft.claim("jti", longJti(513)), "jti_too_long"),
                defect("CA-1 no iss", draft -> draft.withoutClaim("iss"), "iss_not_client"),
                defect("CA-1 another iss", draft -> draft.claim("iss", "somebody"), "iss_not_client"),
                defect("SP-5.4.1-1 alg none", JwtDraft::unsigned, "alg_not_allowed"),
                defect("SP-5.4.1-1 HS256", draft -> draft.signedWithSecret(SECRET.getBytes(UTF_8)), "alg_not_allowed"),
                defect("CA-6 RS256", draft -> draft.header("alg", "RS256"), "alg_not_allowed"),
                defect("SP-5.4.1-1 PS384", draft -> draft.header("alg", "PS384"), "alg_not_allowed"),
                defect("CA-8 crit", draft -> draft.header("crit", List.of("exp")), "crit_not_understood"),
                defect("SP-5.4.2 x5u", draft -> draft.header("x5u", "https://client.example.test/c"), "key_in_header"),
                defect("SP-5.4.2 x5c", draft -> draft.header("x5c", List.of("MIIB")), "key_in_header"),
                defect("SP-5.4.2 jku", draft -> draft.header("jku", "https://client.example.test/k"), "key_in_header"),
                defect("SP-5.4.2 jwk", draft -> draft.header("jwk", Map.of("kty", "EC")), "key_in_header"),
                defect(
                        "CA-7 typ of a request object",
                        draft -> draft.header("typ", "oauth-authz-req+jwt"),
                        "typ_not_allowed"),
                defect("CA-7 typ of a DPoP proof", draft -> draft.header("typ", "dpop+jwt"), "typ_not_allowed"),
                defect("SP-5.4.3 unknown kid", draft -> draft.header("kid", "unknown"), "no_usable_key"),
                defect("a broken signature", JwtDraft::withBrokenSignature, "signature_wrong"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    @Requirement({
        "SP-5.3.2.1-8",
        "SP-5.3.2.1-13",
        "SP-5.4.1-1",
        "SP-5.4.2",
        "SP-5.4.3",
        "CA-1",
        "CA-2",
        "CA-3",
        "CA-6",
        "CA-7",
        "CA-8"
    })
    void aDefectIsRefusedAtEveryEndpoint(String name, UnaryOperator<JwtDraft> spoil, String reason) {
        for (Endpoint endpoint : Endpoint.values()) {
            FapiClient party = endpoint.party();
            assertRefused(endpoint.call().clientAssertion(spoil.apply(party.clientAssertion())));
            assertThat(realm.reasonOfTheLastEvent()).as(endpoint.toString()).isEqualTo(reason);
            endpoint.assertLetsIn(endpoint.call());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Requirement("CA-3")
    void anAssertionWorksOnceWhereverItIsUsedAgain(Endpoint endpoint) {
        JwtDraft assertion = endpoint.party().clientAssertion();
        endpoint.assertLetsIn(endpoint.call().clientAssertion(assertion));
        for (Endpoint again : Endpoint.values()) {
            if (again.party() == endpoint.party()) {
                assertRefused(again.call().clientAssertion(assertion));
                assertThat(realm.reasonOfTheLastEvent()).isEqualTo("assertion_already_used");
            }
        }
        endpoint.assertLetsIn(endpoint.call());
    }

    @Test
    @Requirement("CA-3")
    void aJtiIsOnlyItsOwnClientsBusinessInItsOwnRealm() {
        String jti = UUID.randomUUID().toString();
        FapiClient neighbour = realm.addDpopClient("neighbour");
        FapiRealm otherRealm = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient namesake = otherRealm.addDpopClient(client.clientId());
        for (FapiClient party : List.of(client, neighbour, namesake)) {
            assertThat(revocation(party)
                            .clientAssertion(party.clientAssertion().claim("jti", jti))
                            .send()
                            .status())
                    .as(party.issuer() + ' ' + party.clientId())
                    .isEqualTo(200);
        }
        assertRefused(revocation(neighbour)
                .clientAssertion(neighbour.clientAssertion().claim("jti", jti)));
    }

    @Test
    @Requirement("CA-3")
    void aRefusedAssertionDoesNotUseUpItsJti() {
        String jti = UUID.randomUUID().toString();
        JwtDraft good = client.clientAssertion().claim("jti", jti);
        assertRefused(revocation(client).clientAssertion(good.withBrokenSignature()));
        assertRefused(revocation(client).clientAssertion(good.claim("aud", List.of(client.issuer()))));
        assertThat(revocation(client).clientAssertion(good).send().status()).isEqualTo(200);
    }

    @Test
    @Requirement("CA-3")
    void ofManyRequestsWithOneAssertionAtTheSameTimeOneIsLetIn() {
        EndpointCall call = Endpoint.REFRESH_TOKEN.call();
        List<Exchange> answers =
                IntStream.range(0, 12).parallel().mapToObj(i -> call.send()).toList();
        assertThat(answers).filteredOn(answer -> answer.status() == 401).hasSize(11);
        assertThat(answers)
                .filteredOn(answer -> answer.error().equals(Optional.of("invalid_grant")))
                .hasSize(1);
    }

    @Test
    @Requirement({"SP-5.3.2.1-6", "CA-4"})
    void aCertificateToBindTokensToIsNoSecondMethod() {
        FapiClient bound = realm.addMtlsClient("bound-to-certificate");
        Tokens tokens = realm.tokensFor(bound);
        String refreshToken = tokens.refreshToken().orElseThrow();
        assertRefused(bound.refreshRequest(refreshToken)
                .clientAssertion(bound.clientAssertion().claim("aud", List.of(bound.issuer()))));
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("aud_not_issuer");
        assertRefused(
                bound.refreshRequest(refreshToken).withoutClientAssertion().set("client_id", bound.clientId()));
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("assertion_missing");
        assertThat(bound.refresh(refreshToken).accessToken()).isNotEmpty();
    }

    @Test
    @Requirement({"CA-1", "CA-5"})
    void anAssertionSpeaksForNobodyElse() {
        FapiClient other = realm.addDpopClient("other");
        // Another's key under the right names
        assertRefused(client.refreshRequest("x")
                .clientAssertion(client.clientAssertion()
                        .secretlySignedBy(SigningKey.generate(PS256).withKeyId(key.keyId()))));
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("signature_wrong");
        // Another's client_id beside it
        assertRefused(client.refreshRequest("x").set("client_id", other.clientId()));
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("client_id_not_subject");
        // Another's name within it
        assertRefused(client.refreshRequest("x")
                .clientAssertion(
                        client.clientAssertion().claim("sub", other.clientId()).claim("iss", other.clientId())));
        assertRefused(client.refreshRequest("x")
                .clientAssertion(client.clientAssertion().claim("sub", other.clientId())));
        // Its own client_id beside it is fine
        assertThat(client.refreshRequest("x")
                        .set("client_id", client.clientId())
                        .send()
                        .error())
                .contains("invalid_grant");
    }

    @Test
    @Requirement("CA-1")
    void anUnknownOrDisabledClientIsNotLetIn() {
        for (Endpoint endpoint : Endpoint.values()) {
            Exchange unknown = endpoint.call()
                    .clientAssertion(
                            client.clientAssertion().claim("iss", "unknown").claim("sub", "unknown"))
                    .send();
            assertThat(unknown.status()).as(unknown.body()).isBetween(400, 401);
            assertThat(unknown.error()).contains("invalid_client");
        }
        FapiClient disabled = realm.addDpopClient("disabled");
        realm.admin().updateClient(realm.name(), disabled.clientId(), Map.of("enabled", false));
        assertRefused(disabled.refreshRequest("x"));
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("client_disabled");
        assertRefused(disabled.pushedAuthorizationRequest(disabled.requestObject(disabled.begin())));
    }

    @ParameterizedTest
    @EnumSource
    @Requirement({"CA-1", "SP-5.3.2.1-6"})
    void anAssertionIsRequired(Endpoint endpoint) {
        String clientId = endpoint.party().clientId();
        Exchange without = endpoint.call()
                .withoutClientAssertion()
                .set("client_id", clientId)
                .send();
        if (endpoint == Endpoint.INTROSPECTION) {
            // RFC 9701 section 5 tells who does not even try something else.
            assertThat(without.status()).isEqualTo(400);
            assertThat(without.error()).contains("invalid_request");
        } else {
            assertRefused(without);
        }
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("assertion_missing");
        assertRefused(endpoint.call().set("client_id", clientId).set("client_assertion", ""));
        assertRefused(endpoint.call()
                .set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"));
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("assertion_type_wrong");
        assertRefused(endpoint.call().remove("client_assertion_type"));
        Exchange basic = endpoint.call()
                .withoutClientAssertion()
                .remove("client_id")
                .header("Authorization", basic(clientId, SECRET))
                .send();
        assertRefused(basic);
        if (endpoint != Endpoint.INTROSPECTION && endpoint != Endpoint.BACKCHANNEL_AUTHENTICATION) {
            // These two write the answer anew, without its headers.
            assertThat(basic.headers("WWW-Authenticate"))
                    .singleElement()
                    .asString()
                    .startsWith("Basic ");
        }
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("assertion_missing");
        endpoint.assertLetsIn(endpoint.call());
    }

    @ParameterizedTest
    @EnumSource
    @Requirement("CA-4")
    void severalMethodsInOneRequestAreRefused(Endpoint endpoint) {
        String clientId = endpoint.party().clientId();
        for (EndpointCall call : List.of(
                endpoint.call().header("Authorization", basic(clientId, SECRET)),
                endpoint.call().header("Authorization", "bAsIc eDp5"),
                endpoint.call().header("Authorization", "Basic\teDp5"),
                endpoint.call().set("client_secret", SECRET),
                endpoint.call().set("client_secret", ""),
                endpoint.call().set("client_id", clientId).set("client_secret", SECRET),
                endpoint.call()
                        .add(
                                "client_assertion",
                                endpoint.party().clientAssertion().compact()))) {
            Exchange answer = call.send();
            // Keycloak's CIBA endpoint makes 401 of every refusal.
            assertThat(answer.status())
                    .as(answer.body())
                    .isEqualTo(endpoint == Endpoint.BACKCHANNEL_AUTHENTICATION ? 401 : 400);
            assertThat(answer.mediaType()).isEqualTo(JSON);
            assertThat(answer.error()).contains("invalid_request");
            assertThat(realm.reasonOfTheLastEvent()).isEqualTo("several_methods");
        }
        endpoint.assertLetsIn(endpoint.call());
    }

    // Other methods

    static Stream<Arguments> otherMethods() {
        return Stream.of(
                Arguments.of("client_secret_basic", "client-secret", false),
                Arguments.of("client_secret_post", "client-secret", false),
                Arguments.of("client_secret_jwt", "client-secret-jwt", false),
                Arguments.of("none", "client-secret", true),
                Arguments.of("none", "client-jwt", true));
    }

    @ParameterizedTest(name = "{0} of a client for {1}, public {2}")
    @MethodSource("otherMethods")
    @Requirement({"SP-5.3.2.1-3", "SP-5.3.2.1-6"})
    void otherMethodsAreRefused(String method, String authenticator, boolean publicClient) {
        String clientId = "by-" + method + '-' + authenticator;
        Map<String, Object> representation =
                new LinkedHashMap<>(Parties.dpopClient(clientId, REDIRECT_URI, SigningKey.publicJwks(key), PS256));
        representation.put("clientAuthenticatorType", authenticator);
        representation.put("publicClient", publicClient);
        representation.put("secret", SECRET);
        representation.put("serviceAccountsEnabled", !publicClient);
        realm.admin()
                .createClient(
                        realm.name(),
                        Parties.withAttributes(representation, Map.of("token.endpoint.auth.signing.alg", "")));
        FapiClient party = client(clientId, key);
        Function<EndpointCall, EndpointCall> authenticate = call -> switch (method) {
            case "client_secret_basic" ->
                call.withoutClientAssertion().header("Authorization", basic(clientId, SECRET));
            case "client_secret_post" ->
                call.withoutClientAssertion().set("client_id", clientId).set("client_secret", SECRET);
            case "client_secret_jwt" ->
                call.clientAssertion(
                        party.clientAssertion().withoutHeader("kid").signedWithSecret(SECRET.getBytes(UTF_8)));
            default -> call.withoutClientAssertion().set("client_id", clientId);
        };
        for (EndpointCall call : List.of(
                party.pushedAuthorizationRequest(party.requestObject(party.begin())),
                party.codeRequest("no-such-code", party.begin()),
                party.refreshRequest("no-such-token"),
                party.clientCredentialsRequest("accounts"),
                party.introspectionRequest("no-such-token", JSON),
                revocation(party))) {
            assertRefused(authenticate.apply(call));
            assertThat(realm.reasonOfTheLastEvent()).isEqualTo("method_not_allowed");
        }
    }

    @Test
    @Requirement({"SP-5.3.2.1-6", "CA-4"})
    void aCertificateAuthenticatesWhereItIsRegistered() {
        TlsIdentity certificate = realm.pki().issue("CN=tls-app");
        realm.admin()
                .createClient(
                        realm.name(),
                        Parties.tlsAuthenticatedClient(
                                "tls-app", REDIRECT_URI, "CN=tls-app", SigningKey.publicJwks(key), PS256));
        FapiClient party = FapiClient.of(realm.pki(), realm.issuer(), "tls-app")
                .authenticatesWith(certificate)
                .redirectUri(REDIRECT_URI)
                .build();
        assertThat(party.refreshRequest("x").send().error()).contains("invalid_grant");

        FapiClient stranger = party.toBuilder()
                .authenticatesWith(realm.pki().issue("CN=stranger"))
                .build();
        assertRefused(stranger.refreshRequest("x"));
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("credentials_wrong");

        FapiClient byKey = client("tls-app", key);
        assertRefused(byKey.refreshRequest("x").set("client_id", "tls-app"));
        Exchange several = party.refreshRequest("x")
                .set("client_assertion_type", ASSERTION_TYPE)
                .clientAssertion(byKey.clientAssertion())
                .send();
        assertThat(several.status()).isEqualTo(400);
        assertThat(several.error()).contains("invalid_request");
        assertThat(party.refreshRequest("x").send().error()).contains("invalid_grant");
    }

    // Keys

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS384", "HS256", "none"})
    @Requirement({"SP-5.4.1-1", "CA-6"})
    void otherAlgorithmsAreRefusedForAClientThatRegisteredNone(String algorithm) {
        SigningKey rsa = keyWithoutAlgorithm(2048);
        FapiClient lax = register("lax-" + algorithm.toLowerCase(java.util.Locale.ROOT), rsa, null);
        assertThat(revocation(lax).send().status()).isEqualTo(200);
        assertRefused(revocation(lax).clientAssertion(signedWith(algorithm, lax, rsa)));
        assertRefused(lax.pushedAuthorizationRequest(lax.requestObject(lax.begin()))
                .clientAssertion(signedWith(algorithm, lax, rsa)));
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("alg_not_allowed");
    }

    @Test
    @Requirement("CA-6")
    void theAlgorithmThatAClientRegisteredIsTheOnlyOne() {
        SigningKey ec = SigningKey.generate(ES256);
        FapiClient party = register("registered-alg", List.of(key, ec), PS256);
        assertRefused(revocation(party).clientAssertion(party.clientAssertion().signedBy(ec)));
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("alg_not_registered");
        assertThat(revocation(party).send().status()).isEqualTo(200);
    }

    @Test
    @Requirement("SP-5.4.1-2/3")
    void aShortRsaKeyIsRefused() {
        SigningKey shortKey = keyWithoutAlgorithm(1024);
        register("short-key", shortKey, null);
        FapiClient party = client("short-key", key);
        assertRefused(revocation(party).set("client_assertion", signedByAnySize(party.clientAssertion(), shortKey)));
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("no_usable_key");

        SigningKey longEnough = keyWithoutAlgorithm(2048);
        FapiClient good = register("long-key", longEnough, null);
        assertThat(revocation(good)
                        .set("client_assertion", signedByAnySize(good.clientAssertion(), longEnough))
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    @Requirement("SP-5.4.3")
    void ofTwoKeysWithOneKidTheFittingOneIsUsed() {
        SigningKey rsa = SigningKey.generate(PS256).withKeyId("same");
        SigningKey ec = SigningKey.generate(ES256).withKeyId("same");
        SigningKey ed = SigningKey.generate(EdDSA).withKeyId("same");
        FapiClient party = register("same-kid", List.of(rsa, ec, ed), null);
        for (SigningKey each : List.of(rsa, ec, ed)) {
            assertThat(revocation(party)
                            .clientAssertion(party.clientAssertion().signedBy(each))
                            .send()
                            .status())
                    .as(each.toString())
                    .isEqualTo(200);
        }
        assertRefused(revocation(party)
                .clientAssertion(party.clientAssertion()
                        .signedBy(SigningKey.generate(ES256).withKeyId("same"))));
    }

    // What a refusal costs, and what is left of it

    @Test
    @Requirement({"SP-5.3.2.1-8", "CA-3"})
    void aBadAssertionUsesUpNeitherCodeNorRefreshToken() {
        PendingAuthorization pending = client.begin();
        URI page = client.authorizationUrl(client.push(pending).requestUri());
        String code = client.verifyJarm(realm.browser().logInAndConsent(page, USER, PASSWORD), pending)
                .code();

        JwtDraft used = client.clientAssertion();
        assertThat(revocation(client).clientAssertion(used).send().status()).isEqualTo(200);
        assertRefused(client.codeRequest(code, pending).clientAssertion(used));
        assertRefused(client.codeRequest(code, pending)
                .clientAssertion(client.clientAssertion().claim("aud", List.of(client.issuer()))));
        assertRefused(client.codeRequest(code, pending)
                .clientAssertion(client.clientAssertion().withBrokenSignature()));
        assertRefused(client.codeRequest(code, pending).withoutClientAssertion().set("client_id", client.clientId()));
        assertThat(client.codeRequest(code, pending)
                        .set("client_secret", SECRET)
                        .send()
                        .status())
                .isEqualTo(400);
        Tokens tokens = client.redeem(code, pending);

        String refreshToken = tokens.refreshToken().orElseThrow();
        assertRefused(client.refreshRequest(refreshToken)
                .clientAssertion(client.clientAssertion().claim("aud", List.of(client.issuer()))));
        assertRefused(client.refreshRequest(refreshToken)
                .clientAssertion(client.clientAssertion().header("crit", List.of("x"))));
        assertThat(client.refresh(refreshToken).accessToken()).isNotEmpty();
    }

    @Test
    void theEventTellsTheReasonAndASuccessHasNone() {
        assertRefused(client.clientCredentialsRequest("accounts")
                .clientAssertion(client.clientAssertion().claim("aud", "https://as.example.com")));
        Map<String, Object> refused = realm.lastEvent();
        assertThat(refused).containsEntry("clientId", client.clientId());
        assertThat(refused.get("error")).isEqualTo("invalid_client_credentials");
        assertThat(Json.object(refused.get("details"))).containsEntry("reason", "aud_not_issuer");

        JwtDraft good = client.clientAssertion();
        assertThat(client.clientCredentialsRequest("accounts")
                        .clientAssertion(good)
                        .send()
                        .status())
                .isEqualTo(200);
        Map<String, Object> success = realm.lastEvent();
        assertThat(success).doesNotContainKey("error").containsEntry("type", "CLIENT_LOGIN");
        assertThat(Json.object(success.get("details")))
                .doesNotContainKey("reason")
                .containsEntry("client_auth_method", "client-jwt")
                .containsEntry("client_assertion_id", good.claims().get("jti"));
    }

    // Robustness

    /** Keycloak's parser reads these; ours does not. A client with rules must not be judged by it alone. */
    static Stream<Arguments> readByStockOnly() {
        return Stream.of(
                change("a member twice", ClientAuthenticationIT::withAMemberTwice),
                change(
                        "a member twice and an array as audience",
                        draft -> withAMemberTwice(
                                draft.claim("aud", List.of(draft.claims().get("aud"))))),
                change("trailing text", draft -> draft.payload(Json.write(draft.claims()) + " {}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readByStockOnly")
    @Requirement({"CA-1", "SP-5.3.2.1-8"})
    void whatOnlyStockCanReadDoesNotPassTheRules(String name, UnaryOperator<JwtDraft> spoil) {
        for (Endpoint endpoint : Endpoint.values()) {
            FapiClient party = endpoint.party();
            assertRefused(endpoint.call().clientAssertion(spoil.apply(party.clientAssertion())));
            assertRefused(endpoint.call()
                    .set("client_id", party.clientId())
                    .clientAssertion(spoil.apply(party.clientAssertion())));
        }
    }

    @Test
    void aClientWithANumberForANameIsUnderTheRulesToo() {
        SigningKey ps256 = SigningKey.generate(PS256);
        FapiClient party = register("4711", ps256, PS256);
        assertRefused(revocation(party)
                .clientAssertion(party.clientAssertion().claim("sub", 4711).claim("iss", 4711)));
        assertThat(revocation(party).send().status()).isEqualTo(200);
    }

    static Stream<String> garbage() {
        String header = base64Url("{\"alg\":\"PS256\"}");
        String claims = "{\"iss\":\"app\",\"sub\":\"app\",\"jti\":\"1\",\"aud\":\"x\"";
        return Stream.of(
                        "",
                        " ",
                        "garbage",
                        ".",
                        "..",
                        "...",
                        "....",
                        "a.b.c",
                        "!.!.!",
                        "é.é.é",
                        "e30.e30.",
                        "e30.e30.e30",
                        "bnVsbA.bnVsbA.bnVsbA",
                        "W10.W10.W10",
                        base64Url("{\"alg\":5}") + ".e30.e30",
                        base64Url("{\"alg\":null}") + "." + base64Url(claims + "}") + ".x",
                        base64Url("{\"alg\":{\"a\":1}}") + "." + base64Url(claims + "}") + ".x",
                        base64Url("{\"alg\":\"PS256\",\"kid\":{}}") + "." + base64Url(claims + "}") + ".x",
                        base64Url("{\"alg\":\"PS256\",\"alg\":\"none\"}") + "." + base64Url(claims + "}") + ".x",
                        header + ".bm90IGpzb24.x",
                        header + "." + base64Url("{\"sub\":[\"app\"],\"iss\":{\"a\":[]}}") + ".x",
                        header + "." + base64Url("{\"sub\":\"app\",\"sub\":\"other\",\"iss\":\"app\"}") + ".x",
                        header + "." + base64Url(claims + ",\"exp\":-1}") + ".x",
                        header + "." + base64Url(claims + ",\"exp\":\"1767225600\"}") + ".x",
                        header + "." + base64Url(claims + ",\"exp\":1e999}") + ".x",
                        header + "." + base64Url(claims + ",\"exp\":" + "9".repeat(400) + "}") + ".x",
                        header + "." + base64Url(claims + ",\"exp\":9223372036854775807}") + ".x",
                        header + "." + base64Url(claims + ",\"exp\":{},\"iat\":[],\"nbf\":true}") + ".x",
                        header + "."
                                + base64Url("{\"sub\":\"app\",\"aud\":" + "[".repeat(2000) + "]".repeat(2000) + "}")
                                + ".x",
                        header + "."
                                + base64Url("{\"iss\":\"app\",\"sub\":\"app\",\"jti\":\"" + "j".repeat(20_000) + "\"}")
                                + ".x",
                        header + "." + base64Url("{\"sub\":\"app\\u0000\",\"iss\":\"app\\u0000\"}") + ".x")
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void garbageIsTheSendersMistake(String assertion) {
        for (boolean named : new boolean[] {false, true}) {
            for (Endpoint endpoint : Endpoint.values()) {
                EndpointCall call = endpoint.call().set("client_assertion", assertion);
                Exchange answer =
                        (named ? call.set("client_id", endpoint.party().clientId()) : call).send();
                assertThat(answer.status()).as(endpoint + ": " + answer.body()).isBetween(400, 401);
                assertThat(answer.mediaType()).isEqualTo(JSON);
                assertThat(answer.error()).contains("invalid_client");
                if (named) {
                    assertThat(answer.status())
                            .as(endpoint + ": " + answer.body())
                            .isEqualTo(401);
                }
            }
        }
    }

    @Test
    void aSignatureOfTheWrongShapeIsRefused() {
        FapiClient ec = realm.addDpopClient("odd-signatures-ec", ES256);
        FapiClient ed = realm.addDpopClient("odd-signatures-ed", EdDSA);
        for (FapiClient party : List.of(client, ec, ed)) {
            String good = party.clientAssertion().compact();
            String input = good.substring(0, good.lastIndexOf('.') + 1);
            for (String signature : List.of("", "e30", "!", "A".repeat(86), "A".repeat(1000), "é")) {
                assertRefused(party.refreshRequest("x").set("client_assertion", input + signature));
                assertThat(realm.reasonOfTheLastEvent()).isEqualTo("signature_wrong");
            }
        }
    }

    @Test
    void aClientWithoutUsableKeysIsRefused() {
        FapiClient broken = register("broken-jwks", SigningKey.generate(PS256), PS256);
        realm.setAttributeBehindThePolicysBack("broken-jwks", "jwks.string", "{\"keys\":[{\"kty\":\"RSA\"}]}");
        assertRefused(broken.refreshRequest("x"));
        assertThat(realm.reasonOfTheLastEvent()).isIn("no_usable_key", "keys_not_available");
        FapiClient unreachable = register("unreachable-jwks", SigningKey.generate(PS256), PS256);
        realm.setAttributeBehindThePolicysBack("unreachable-jwks", "use.jwks.string", "false");
        realm.setAttributeBehindThePolicysBack("unreachable-jwks", "jwks.url", "https://localhost:1/jwks");
        realm.setAttributeBehindThePolicysBack("unreachable-jwks", "use.jwks.url", "true");
        assertRefused(unreachable.refreshRequest("x"));
        assertThat(realm.reasonOfTheLastEvent()).isIn("no_usable_key", "keys_not_available");
    }

    // Settings

    @Test
    void theSettingsBite() {
        FapiRealm own = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient party = own.addDpopClient("settings");
        own.configure(
                "fapi-client-authentication",
                Map.of(
                        "max-lifetime-seconds",
                        30,
                        "clock-skew-seconds",
                        60,
                        "assertion-audience",
                        "issuer-or-endpoint"));
        UnaryOperator<JwtDraft> brief = draft -> at(draft, "exp", 20);
        assertRefused(revocation(party));
        assertThat(revocation(party)
                        .clientAssertion(brief.apply(party.clientAssertion()))
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(revocation(party)
                        .clientAssertion(at(brief.apply(party.clientAssertion()), "iat", 50))
                        .send()
                        .status())
                .isEqualTo(200);
        for (Object audience : List.of(
                party.issuer(),
                List.of("https://elsewhere.example", party.issuer()),
                party.metadata().endpoint(ServerMetadata.TOKEN).toString())) {
            assertThat(revocation(party)
                            .clientAssertion(
                                    brief.apply(party.clientAssertion()).claim("aud", audience))
                            .send()
                            .status())
                    .isEqualTo(200);
        }
        assertRefused(revocation(party)
                .clientAssertion(
                        brief.apply(party.clientAssertion()).claim("aud", List.of("https://elsewhere.example"))));

        UnaryOperator<JwtDraft> withKey = draft -> brief.apply(draft).header("jku", "https://client.example.test/k");
        assertRefused(revocation(party).clientAssertion(withKey.apply(party.clientAssertion())));
        own.configure("fapi-client-authentication", Map.of("key-in-header-allowed", true));
        assertThat(revocation(party)
                        .clientAssertion(withKey.apply(party.clientAssertion()))
                        .send()
                        .status())
                .isEqualTo(200);

        own.configure("fapi-client-authentication", Map.of("allowed-algorithms", List.of("PS256")));
        assertRefused(revocation(party).clientAssertion(brief.apply(party.clientAssertion())));
        own.configure(
                "fapi-client-authentication",
                Map.of("allowed-algorithms", List.of("ES256"), "allowed-methods", List.of("tls_client_auth")));
        assertRefused(revocation(party).clientAssertion(brief.apply(party.clientAssertion())));
    }

    @Test
    @Requirement("CA-4")
    void clientSecretJwtCanBeAllowed() {
        FapiRealm own = KeycloakUnderTest.running().messageSigningRealm();
        own.remove("secure-client-authenticator");
        own.configure("fapi-client-authentication", Map.of("allowed-methods", List.of("client_secret_jwt")));
        Map<String, Object> representation =
                new LinkedHashMap<>(Parties.dpopClient("by-secret", REDIRECT_URI, SigningKey.publicJwks(key), PS256));
        representation.put("clientAuthenticatorType", "client-secret-jwt");
        representation.put("secret", SECRET);
        own.admin()
                .createClient(
                        own.name(),
                        Parties.withAttributes(representation, Map.of("token.endpoint.auth.signing.alg", "")));
        FapiClient party = FapiClient.of(own.pki(), own.issuer(), "by-secret")
                .authenticatesWith(key)
                .bindsTokensTo(SigningKey.generate(ES256))
                .build();
        Supplier<EndpointCall> good = () -> revocation(party)
                .clientAssertion(party.clientAssertion().withoutHeader("kid").signedWithSecret(SECRET.getBytes(UTF_8)));
        assertThat(good.get().send().status()).isEqualTo(200);
        Exchange several = good.get().set("client_secret", SECRET).send();
        assertThat(several.status()).isEqualTo(400);
        assertThat(several.error()).contains("invalid_request");
        assertRefused(revocation(party)
                .clientAssertion(party.clientAssertion()
                        .signedWithSecret("another secret of thirty-two octets".getBytes(UTF_8))));
        assertRefused(revocation(party));

        FapiClient byKey = own.addDpopClient("by-key");
        assertRefused(revocation(byKey));
    }

    // Sleeping

    @Test
    void aClientThatDidNotOptInAuthenticatesAsEver() {
        Map<String, Object> bySecret = Map.of(
                "clientId",
                "not-opted-in",
                "secret",
                SECRET,
                "publicClient",
                false,
                "serviceAccountsEnabled",
                true,
                "clientAuthenticatorType",
                "client-secret");
        realm.admin().createClient(realm.name(), bySecret);
        URI token = client.metadata().endpoint(ServerMetadata.TOKEN);
        HttpCaller http = HttpCaller.over(realm.pki().sslContext());
        Form grant = Form.of("grant_type", "client_credentials");
        assertThat(http.post(token, grant, Headers.of("Authorization", basic("not-opted-in", SECRET)))
                        .status())
                .isEqualTo(200);
        assertThat(http.post(token, grant.set("client_id", "not-opted-in").set("client_secret", SECRET))
                        .status())
                .isEqualTo(200);
        Exchange wrong = http.post(token, grant.set("client_id", "not-opted-in").set("client_secret", "wrong"));
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.error()).contains("unauthorized_client");
        assertThat(Json.object(realm.lastEvent().get("details"))).doesNotContainKey("reason");

        SigningKey rsa = keyWithoutAlgorithm(2048);
        Map<String, Object> byKey = new LinkedHashMap<>(
                Parties.dpopClient("key-not-opted-in", REDIRECT_URI, SigningKey.publicJwks(rsa), PS256));
        byKey.put("serviceAccountsEnabled", true);
        realm.admin()
                .createClient(
                        realm.name(),
                        Parties.withAttributes(
                                byKey,
                                Map.of("dpop.bound.access.tokens", "false", "token.endpoint.auth.signing.alg", "")));
        FapiClient party = FapiClient.of(realm.pki(), realm.issuer(), "key-not-opted-in")
                .authenticatesWith(rsa)
                .build();
        for (JwtDraft assertion : List.of(
                party.clientAssertion().claim("aud", List.of(party.issuer())),
                party.clientAssertion().claim("aud", token.toString()),
                party.clientAssertion().header("crit", List.of("x")),
                party.clientAssertion().signedBy(rsa.with(RS256)))) {
            assertThat(party.tokenRequest(grant)
                            .clientAssertion(assertion)
                            .send()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(party.tokenRequest(grant).set("client_secret", SECRET).send().status())
                .isEqualTo(200);
        Exchange refused = party.tokenRequest(grant)
                .clientAssertion(party.clientAssertion().claim("aud", "https://as.example.com"))
                .send();
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error()).contains("invalid_client");
    }

    // Parts

    private static FapiRealm recorded(FapiRealm fresh) {
        fresh.admin()
                .updateRealm(
                        fresh.name(),
                        Map.of(
                                "eventsEnabled",
                                true,
                                "enabledEventTypes",
                                Stream.of(
                                                "PUSHED_AUTHORIZATION_REQUEST",
                                                "CODE_TO_TOKEN",
                                                "REFRESH_TOKEN",
                                                "CLIENT_LOGIN",
                                                "INTROSPECT_TOKEN",
                                                "LOGIN",
                                                "LOGOUT",
                                                "OAUTH2_DEVICE_AUTH",
                                                "OAUTH2_DEVICE_CODE_TO_TOKEN",
                                                "AUTHREQID_TO_TOKEN",
                                                "REVOKE_GRANT")
                                        .flatMap(type -> Stream.of(type, type + "_ERROR"))
                                        .toList()));
        return fresh;
    }

    private static FapiClient register(String clientId, SigningKey signingKey, JWSAlgorithm registered) {
        return register(clientId, List.of(signingKey), registered);
    }

    /** A client that uses the first key; {@code registered} is its {@code token_endpoint_auth_signing_alg}, null for none. */
    private static FapiClient register(String clientId, List<SigningKey> keys, JWSAlgorithm registered) {
        Map<String, Object> representation = new LinkedHashMap<>(Parties.dpopClient(
                clientId, REDIRECT_URI, SigningKey.publicJwks(keys.toArray(SigningKey[]::new)), PS256));
        representation.put("serviceAccountsEnabled", true);
        realm.admin()
                .createClient(
                        realm.name(),
                        Parties.withAttributes(
                                representation,
                                Map.of(
                                        "token.endpoint.auth.signing.alg",
                                        registered == null ? "" : registered.getName())));
        for (String scope : List.of("accounts", "payments")) {
            realm.admin().addOptionalScope(realm.name(), clientId, realm.scopeId(scope));
        }
        return client(clientId, keys.get(0));
    }

    private static FapiClient client(String clientId, SigningKey signingKey) {
        return FapiClient.of(realm.pki(), realm.issuer(), clientId)
                .authenticatesWith(signingKey)
                .jarmAlgorithm(PS256)
                .redirectUri(REDIRECT_URI)
                .scope("openid accounts")
                .bindsTokensTo(SigningKey.generate(ES256))
                .build();
    }

    /** With a DPoP proof: Keycloak's executor {@code dpop-bind-enforcer} asks for one here, too. */
    private static EndpointCall revocation(FapiClient party) {
        return party.call(ServerMetadata.REVOCATION, Form.of("token", "no-such-token"));
    }

    /** An RSA key whose JWK names no algorithm, so that only the rules can say no to one. */
    private static SigningKey keyWithoutAlgorithm(int bits) {
        try {
            return SigningKey.of(
                    new RSAKeyGenerator(bits, true)
                            .keyUse(KeyUse.SIGNATURE)
                            .keyID(UUID.randomUUID().toString())
                            .generate(),
                    PS256);
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JwtDraft signedWith(String algorithm, FapiClient party, SigningKey rsa) {
        JwtDraft draft = party.clientAssertion();
        return switch (algorithm) {
            case "none" -> draft.unsigned();
            case "HS256" -> draft.signedWithSecret(SECRET.getBytes(UTF_8));
            default -> draft.signedBy(rsa.with(parse(algorithm)));
        };
    }

    /** PS256 by the JDK: Nimbus signs with no key below 2048 bits. */
    private static String signedByAnySize(JwtDraft draft, SigningKey rsa) {
        try {
            String unsigned = draft.header("kid", rsa.keyId())
                    .header("alg", "PS256")
                    .secretlySignedBy(key)
                    .compact();
            String input = unsigned.substring(0, unsigned.lastIndexOf('.'));
            PrivateKey privateKey = ((RSAKey) rsa.privateJwk()).toPrivateKey();
            Signature signature = Signature.getInstance("RSASSA-PSS");
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            signature.initSign(privateKey);
            signature.update(input.getBytes(UTF_8));
            return input + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (java.security.GeneralSecurityException | com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(EndpointCall call) {
        assertRefused(call.send());
    }

    private static void assertRefused(Exchange answer) {
        assertThat(answer.status()).as(answer + " " + answer.body()).isEqualTo(401);
        assertThat(answer.mediaType()).isEqualTo(JSON);
        assertThat(answer.error()).contains("invalid_client");
        assertThat(answer.errorDescription()).get().asString().isNotEmpty();
        assertThat(answer.json()).doesNotContainKeys("access_token", "request_uri");
    }

    private static JWSAlgorithm parse(String algorithm) {
        return JWSAlgorithm.parse(algorithm);
    }

    private static JwtDraft at(JwtDraft draft, String claim, long secondsFromNow) {
        return draft.claim(claim, Instant.now().plusSeconds(secondsFromNow));
    }

    private static UnaryOperator<JwtDraft> audience(String endpoint) {
        return draft -> draft.claim("aud", client.metadata().endpoint(endpoint).toString());
    }

    private static JwtDraft withAMemberTwice(JwtDraft draft) {
        String json = Json.write(draft.claims());
        return draft.payload(json.substring(0, json.length() - 1) + ",\"x\":1,\"x\":1}");
    }

    private static String longJti(int length) {
        String unique = UUID.randomUUID().toString();
        return unique + "j".repeat(length - unique.length());
    }

    private static String basic(String clientId, String secret) {
        return "Basic "
                + Base64.getEncoder().encodeToString((clientId + ':' + secret.replace(' ', '+')).getBytes(UTF_8));
    }

    private static String base64Url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static Arguments change(String name, UnaryOperator<JwtDraft> change) {
        return Arguments.of(name, change);
    }

    private static Arguments defect(String name, UnaryOperator<JwtDraft> spoil, String reason) {
        return Arguments.of(name, spoil, reason);
    }
}
