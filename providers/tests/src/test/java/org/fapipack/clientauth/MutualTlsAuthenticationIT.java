package org.fapipack.clientauth;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static com.nimbusds.jose.JWSAlgorithm.PS256;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fapipack.fixture.FapiRealm.REDIRECT_URI;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.util.Base64;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.fixture.Weakness;
import org.fapipack.testkit.client.EndpointCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Parties;
import org.fapipack.testkit.tls.CertificateDraft;
import org.fapipack.testkit.tls.PinnedClient;
import org.fapipack.testkit.tls.TestPki;
import org.fapipack.testkit.tls.TlsIdentity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client authenticates with its certificate: one from an authority by its registered subject, a self-signed one by its registered key. */
class MutualTlsAuthenticationIT {

    private static final String JSON = "application/json";
    private static final String SIGNED_INTROSPECTION = "application/token-introspection+jwt";
    private static final String AUTHORITY = "CN=FAPI Pack Test CA";
    private static final String METHOD = "fapi.tls.client.auth.method";
    private static final String SELF_SIGNED = "self_signed_tls_client_auth";
    private static final String SUBJECT = "x509.subjectdn";

    /** As an ecosystem's certificates have it; 0c is a UTF8String, 13 a PrintableString. */
    private static final String ECOSYSTEM_SUBJECT = "CN=app.example.com,2.5.4.97=#0c0c4f464242522d613162326333,"
            + "2.5.4.5=#130e3433313432363636303030313937,2.5.4.15=Private Organization,1.3.6.1.4.1.311.60.2.1.3=BR,"
            + "OU=a+L=b,O=\"Banco, Exemplo S.A.\",ST=São Paulo,C=BR";

    private static FapiRealm realm;
    private static SigningKey key;
    private static TlsIdentity ecosystem;
    private static TlsIdentity named;
    private static TlsIdentity selfSigned;
    private static int registered;

    /** A request that succeeds, or fails only for want of a code or token, as long as its client authentication is good. */
    private enum Endpoint {
        PUSHED_AUTHORIZATION_REQUEST(201, null) {
            @Override
            EndpointCall call(FapiClient party) {
                return party.pushedAuthorizationRequest(party.requestObject(party.begin()));
            }
        },
        AUTHORIZATION_CODE(400, "invalid_grant") {
            @Override
            EndpointCall call(FapiClient party) {
                return party.codeRequest("no-such-code", party.begin());
            }
        },
        REFRESH_TOKEN(400, "invalid_grant") {
            @Override
            EndpointCall call(FapiClient party) {
                return party.refreshRequest("no-such-token");
            }
        },
        CLIENT_CREDENTIALS(200, null) {
            @Override
            EndpointCall call(FapiClient party) {
                return party.clientCredentialsRequest("accounts");
            }
        },
        INTROSPECTION(200, null) {
            @Override
            EndpointCall call(FapiClient party) {
                return party.introspectionRequest("no-such-token", JSON);
            }
        },
        REVOCATION(200, "invalid_token") {
            @Override
            EndpointCall call(FapiClient party) {
                return party.call(ServerMetadata.REVOCATION, Form.of("token", "no-such-token"));
            }
        };

        private final int statusOfTheAuthenticated;
        private final String errorOfTheAuthenticated;

        Endpoint(int statusOfTheAuthenticated, String errorOfTheAuthenticated) {
            this.statusOfTheAuthenticated = statusOfTheAuthenticated;
            this.errorOfTheAuthenticated = errorOfTheAuthenticated;
        }

        abstract EndpointCall call(FapiClient party);

        void assertLetsIn(FapiClient party) {
            Exchange answer = call(party).send();
            assertThat(answer.status()).as(this + ": " + answer.body()).isEqualTo(statusOfTheAuthenticated);
            assertThat(answer.error().orElse(null)).as(toString()).isEqualTo(errorOfTheAuthenticated);
        }
    }

    @BeforeAll
    static void prepareRealm() {
        realm = recorded(KeycloakUnderTest.running().messageSigningRealm());
        key = SigningKey.generate(PS256);
        TestPki pki = realm.pki();
        ecosystem = pki.issue(ECOSYSTEM_SUBJECT);
        named = pki.issue(CertificateDraft.of("CN=named")
                .dnsName("app.example.com")
                .uri("https://app.example.com/client")
                .uri("urn:uuid:9f2b3a4c-0000-4000-8000-00000000abcd")
                .ipAddress("192.0.2.7")
                .ipAddress("2001:db8::7")
                .emailAddress("Ops@example.com"));
        selfSigned = pki.pinned(PinnedClient.SELF_SIGNED);
    }

    // tls_client_auth, accepted

    static Stream<Arguments> registeredSubjects() {
        return Stream.of(
                Arguments.of(
                        "MT-1 names of attribute types",
                        Map.of(
                                SUBJECT,
                                "CN=app.example.com,organizationIdentifier=OFBBR-a1b2c3,serialNumber=43142666000197,"
                                        + "businessCategory=Private Organization,jurisdictionCountryName=BR,OU=a+L=b,"
                                        + "O=Banco\\, Exemplo S.A.,ST=São Paulo,C=BR")),
                Arguments.of(
                        "MT-1 object identifiers",
                        Map.of(
                                SUBJECT,
                                "2.5.4.3=app.example.com,OID.2.5.4.97=OFBBR-a1b2c3,2.5.4.5=43142666000197,"
                                        + "2.5.4.15=Private Organization,1.3.6.1.4.1.311.60.2.1.3=BR,2.5.4.11=a+2.5.4.7=b,"
                                        + "2.5.4.10=Banco\\2C Exemplo S.A.,2.5.4.8=S\\C3\\A3o Paulo,2.5.4.6=BR")),
                Arguments.of(
                        "MT-1 case, spaces and the order within an RDN",
                        Map.of(
                                SUBJECT,
                                "cn=APP.example.com, 2.5.4.97=ofbbr-A1B2C3, SERIALNUMBER=43142666000197 ,"
                                        + "businesscategory=private   organization, JURISDICTIONCOUNTRYNAME=br, l=B+ou=A,"
                                        + "o=\"BANCO, Exemplo s.a.\", st=SÃO PAULO, c=br")),
                Arguments.of("MT-1 hexadecimal", Map.of(SUBJECT, ECOSYSTEM_SUBJECT)),
                Arguments.of(
                        "MT-1 an authority",
                        Map.of(SUBJECT, ECOSYSTEM_SUBJECT, "x509.casubjectdn", "cn=fapi pack  test CA")),
                Arguments.of("MT-1 the method said", Map.of(SUBJECT, ECOSYSTEM_SUBJECT, METHOD, "tls_client_auth")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("registeredSubjects")
    @Requirement({"MT-1", "F1-14", "SP-5.3.2.1-6"})
    void theRegisteredNameIsLetInAtEveryEndpoint(String name, Map<String, String> registration) {
        FapiClient party = register(ecosystem, registration);
        for (Endpoint endpoint : Endpoint.values()) {
            endpoint.assertLetsIn(party);
            assertRefused(endpoint, withCertificate(party, named), "credentials_wrong");
            endpoint.assertLetsIn(party);
        }
    }

    static Stream<Arguments> registeredAlternativeNames() {
        return Stream.of(
                Arguments.of("MT-2", "dns", "app.example.com"),
                Arguments.of("MT-2", "dns", "APP.example.com"),
                Arguments.of("MT-3", "uri", "https://app.example.com/client"),
                Arguments.of("MT-3", "uri", "HTTPS://App.example.com/client"),
                Arguments.of("MT-3", "uri", "urn:uuid:9f2b3a4c-0000-4000-8000-00000000abcd"),
                Arguments.of("MT-4", "ip", "192.0.2.7"),
                Arguments.of("MT-4", "ip", "2001:DB8:0:0:0:0:0:7"),
                Arguments.of("MT-5", "email", "Ops@EXAMPLE.com"));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("registeredAlternativeNames")
    @Requirement({"MT-2", "MT-3", "MT-4", "MT-5"})
    void theRegisteredAlternativeNameIsLetInAtEveryEndpoint(String requirement, String form, String value) {
        FapiClient party = register(named, alternativeName(form, value));
        for (Endpoint endpoint : Endpoint.values()) {
            endpoint.assertLetsIn(party);
            assertRefused(endpoint, withCertificate(party, ecosystem), "credentials_wrong");
            endpoint.assertLetsIn(party);
        }
    }

    // tls_client_auth, refused

    static Stream<Arguments> otherSubjects() {
        return Stream.of(
                Arguments.of("the order of OpenSSL", "C=BR,O=Example,CN=ordered"),
                Arguments.of("two RDNs swapped", "O=Example,CN=ordered,C=BR"),
                Arguments.of("a part", "CN=ordered"),
                Arguments.of("one more", "UID=1,CN=ordered,O=Example,C=BR"),
                Arguments.of("one RDN of two", "CN=ordered+O=Example,C=BR"),
                Arguments.of("another type", "CN=ordered,OU=Example,C=BR"),
                Arguments.of("another value", "CN=ordered,O=Examples,C=BR"),
                Arguments.of("a pattern", "CN=.*"),
                Arguments.of("a wildcard", "CN=*,O=Example,C=BR"),
                Arguments.of("an escaped comma", "CN=ordered\\,O=Example,C=BR"),
                Arguments.of("no name", "ordered"),
                Arguments.of("an unknown type", "noSuchType=ordered"),
                Arguments.of("broken hexadecimal", "CN=#zz,O=Example,C=BR"),
                Arguments.of("truncated hexadecimal", "CN=#0cff,O=Example,C=BR"),
                Arguments.of("an open quote", "CN=\"ordered,O=Example,C=BR"),
                Arguments.of("an open escape", "CN=ordered\\"),
                Arguments.of("a comma", ","),
                Arguments.of("a prohibited character", "CN=\uFFFD"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherSubjects")
    @Requirement("MT-1")
    void anotherNameOrNoneIsRefused(String name, String subject) {
        TlsIdentity certificate = realm.pki().issue("CN=ordered,O=Example,C=BR");
        FapiClient party = register(certificate, Map.of(SUBJECT, subject));
        assertRefused(Endpoint.REFRESH_TOKEN, party, "credentials_wrong");
        assertRefused(Endpoint.PUSHED_AUTHORIZATION_REQUEST, party, "credentials_wrong");
        realm.setAttributeBehindThePolicysBack(party.clientId(), SUBJECT, "CN=ordered,O=Example,C=BR");
        Endpoint.REFRESH_TOKEN.assertLetsIn(party);
    }

    static Stream<Arguments> otherAlternativeNames() {
        return Stream.of(
                Arguments.of("dns", "example.com"),
                Arguments.of("dns", "*.example.com"),
                Arguments.of("dns", "app.example.com."),
                Arguments.of("dns", "https://app.example.com/client"),
                Arguments.of("uri", "https://app.example.com/Client"),
                Arguments.of("uri", "https://app.example.com/client/"),
                Arguments.of("uri", ":"),
                Arguments.of("ip", "192.0.2.8"),
                Arguments.of("ip", "192.0.2.007"),
                Arguments.of("ip", "::ffff:192.0.2.7"),
                Arguments.of("ip", "app.example.com"),
                Arguments.of("email", "ops@example.com"),
                Arguments.of("email", "example.com"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("otherAlternativeNames")
    @Requirement({"MT-2", "MT-3", "MT-4", "MT-5"})
    void anotherAlternativeNameIsRefused(String form, String value) {
        FapiClient party = register(named, alternativeName(form, value));
        assertRefused(Endpoint.REFRESH_TOKEN, party, "credentials_wrong");
        assertRefused(Endpoint.PUSHED_AUTHORIZATION_REQUEST, party, "credentials_wrong");
    }

    static Stream<Arguments> contradictions() {
        Map<String, String> patterns = Map.of(SUBJECT, ".*", "x509.allow.regex.pattern.comparison", "true");
        Map<String, String> both = new LinkedHashMap<>(alternativeName("dns", "app.example.com"));
        both.put(SUBJECT, "CN=named");
        Map<String, String> twoForms = new LinkedHashMap<>(alternativeName("dns", "app.example.com"));
        twoForms.put("tls.client.auth.san.ip", "192.0.2.7");
        return Stream.of(
                Arguments.of("MT-6 no subject", Map.of(SUBJECT, ""), "subject_not_registered"),
                Arguments.of("MT-6 a blank subject", Map.of(SUBJECT, "  "), "subject_not_registered"),
                Arguments.of("MT-6 a name and an alternative one", both, "several_subjects_registered"),
                Arguments.of("MT-6 two alternative names", twoForms, "several_subjects_registered"),
                Arguments.of("MT-1 a pattern", patterns, "subject_is_pattern"),
                Arguments.of(
                        "MT-1 patterns allowed",
                        Map.of(SUBJECT, "CN=named", "x509.allow.regex.pattern.comparison", "true"),
                        "subject_is_pattern"),
                Arguments.of(
                        "MT-1 another authority",
                        Map.of(SUBJECT, "CN=named", "x509.casubjectdn", "CN=Another CA"),
                        "issuer_not_registered"),
                Arguments.of(
                        "MT-1 an authority that is no name",
                        Map.of(SUBJECT, "CN=named", "x509.casubjectdn", "another"),
                        "issuer_not_registered"),
                Arguments.of(
                        "MT-7 an unknown method",
                        Map.of(SUBJECT, "CN=named", METHOD, "TLS_CLIENT_AUTH"),
                        "method_unknown"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contradictions")
    @Requirement({"MT-1", "MT-6"})
    void aRegistrationThatIsNoneLetsNobodyIn(String name, Map<String, String> registration, String reason) {
        FapiClient party = register(named, registration);
        for (Endpoint endpoint : Endpoint.values()) {
            assertRefused(endpoint, party, reason);
        }
        for (Map.Entry<String, String> good : Map.of(
                        SUBJECT,
                        "CN=named",
                        "tls.client.auth.san.dns",
                        "",
                        "tls.client.auth.san.ip",
                        "",
                        "x509.allow.regex.pattern.comparison",
                        "false",
                        "x509.casubjectdn",
                        AUTHORITY,
                        METHOD,
                        "")
                .entrySet()) {
            realm.setAttributeBehindThePolicysBack(party.clientId(), good.getKey(), good.getValue());
        }
        Endpoint.REFRESH_TOKEN.assertLetsIn(party);
    }

    @Test
    @Requirement("MT-1")
    void withoutAWordOnPatternsTheNameIsNone() {
        // Stock takes it for one then.
        Map<String, String> silent = new LinkedHashMap<>(Map.of(SUBJECT, "CN=named"));
        silent.put("x509.allow.regex.pattern.comparison", null);
        Endpoint.REFRESH_TOKEN.assertLetsIn(register(named, silent));
        silent.put(SUBJECT, ".*");
        assertRefused(Endpoint.REFRESH_TOKEN, register(named, silent), "credentials_wrong");
    }

    @Test
    @Requirement("MT-1")
    void anExpiredCertificateIsRefused() {
        TlsIdentity expired = realm.pki().pinned(PinnedClient.ISSUED_EXPIRED);
        FapiClient party = register(expired, Map.of(SUBJECT, expired.subjectDn()));
        for (Endpoint endpoint : Endpoint.values()) {
            assertRefused(endpoint, party, "certificate_expired");
        }
        Endpoint.REFRESH_TOKEN.assertLetsIn(withCertificate(party, realm.pki().issue(expired.subjectDn())));
    }

    @Test
    @Requirement({"MT-1", "MT-7"})
    void aCertificateThatVouchesForItselfIsNotFromAnAuthority() {
        FapiClient party = register(selfSigned, Map.of(SUBJECT, selfSigned.subjectDn()));
        for (Endpoint endpoint : Endpoint.values()) {
            assertRefused(endpoint, party, "certificate_self_signed");
        }
        Endpoint.REFRESH_TOKEN.assertLetsIn(withCertificate(party, realm.pki().issue(selfSigned.subjectDn())));
    }

    /** The listener lets the certificate in; only the second look, at Keycloak's truststore, finds out. */
    @Test
    @Requirement("MT-1")
    void anAuthorityIsKnownByItsKeyNotByItsName() {
        TlsIdentity forged = pinned(PinnedClient.ISSUED_BY_IMPOSTOR);
        FapiClient party = register(forged, Map.of(SUBJECT, forged.subjectDn(), "x509.casubjectdn", AUTHORITY));
        for (Endpoint endpoint : Endpoint.values()) {
            assertRefused(endpoint, party, "issuer_not_trusted");
        }
        Endpoint.REFRESH_TOKEN.assertLetsIn(withCertificate(party, realm.pki().issue(forged.subjectDn())));
    }

    @Test
    @Weakness("keycloak#52801")
    @Requirement("MT-1")
    void ofTwoAuthoritiesWithOneNameNeitherIsGood() {
        TlsIdentity twinBorn = pinned(PinnedClient.ISSUED_BY_TWIN);
        FapiClient party =
                register(twinBorn, Map.of(SUBJECT, twinBorn.subjectDn(), "x509.casubjectdn", "CN=FAPI Pack Twin CA"));
        for (Endpoint endpoint : Endpoint.values()) {
            assertRefused(endpoint, party, "issuer_ambiguous");
        }
    }

    @Test
    @Requirement({"MT-1", "SP-5.4.1-2/3"})
    void aShortKeyIsRefused() {
        TlsIdentity tooShort = realm.pki().issue(CertificateDraft.of("CN=rsa"), rsa(1024));
        FapiClient party = register(tooShort, Map.of(SUBJECT, "CN=rsa"));
        assertRefused(Endpoint.REFRESH_TOKEN, party, "certificate_key_too_short");
        Endpoint.REFRESH_TOKEN.assertLetsIn(
                withCertificate(party, realm.pki().issue(CertificateDraft.of("CN=rsa"), rsa(2048))));
    }

    private static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    // self_signed_tls_client_auth

    @Test
    @Requirement({"MT-7", "F1-14", "SP-5.3.2.1-6"})
    void theKeyOfASelfSignedCertificateIsRegistered() {
        FapiClient party = registerSelfSigned(jwks(jwk(selfSigned).build()));
        for (Endpoint endpoint : Endpoint.values()) {
            endpoint.assertLetsIn(party);
            assertRefused(
                    endpoint, withCertificate(party, pinned(PinnedClient.SELF_SIGNED_NAMESAKE)), "credentials_wrong");
            assertRefused(
                    endpoint, withCertificate(party, realm.pki().issue(selfSigned.subjectDn())), "credentials_wrong");
            endpoint.assertLetsIn(party);
        }
        Endpoint.REFRESH_TOKEN.assertLetsIn(withCertificate(party, pinned(PinnedClient.SELF_SIGNED_RENEWED)));
    }

    @Test
    @Requirement("MT-7")
    void aRegisteredCertificateIsTheOnlyOne() {
        FapiClient party = registerSelfSigned(jwks(jwk(selfSigned)
                .x509CertChain(List.of(encoded(selfSigned.certificate())))
                .build()));
        for (Endpoint endpoint : Endpoint.values()) {
            endpoint.assertLetsIn(party);
            assertRefused(
                    endpoint, withCertificate(party, pinned(PinnedClient.SELF_SIGNED_RENEWED)), "credentials_wrong");
        }
        Endpoint.REFRESH_TOKEN.assertLetsIn(party);
    }

    @Test
    @Requirement("MT-7")
    void theKeysMayBeAtAnAddress() throws IOException {
        try (PublishedKeys keys = PublishedKeys.of(
                realm.pki(),
                jwks(jwk(selfSigned)
                        .x509CertChain(List.of(encoded(selfSigned.certificate())))
                        .build()))) {
            FapiClient party = register(
                    selfSigned,
                    Map.of(
                            METHOD,
                            SELF_SIGNED,
                            SUBJECT,
                            "",
                            "use.jwks.string",
                            "false",
                            "use.jwks.url",
                            "true",
                            "jwks.url",
                            keys.address().toString()));
            for (Endpoint endpoint : Endpoint.values()) {
                endpoint.assertLetsIn(party);
                assertRefused(
                        endpoint,
                        withCertificate(party, pinned(PinnedClient.SELF_SIGNED_RENEWED)),
                        "credentials_wrong");
            }
            Endpoint.REFRESH_TOKEN.assertLetsIn(party);
        }
    }

    @Test
    @Requirement("MT-7")
    void aCertificateFromAnAuthorityMayBeRegisteredByItsKey() {
        FapiClient party =
                register(ecosystem, selfSignedRegistration(jwks(jwk(ecosystem).build())));
        Endpoint.REFRESH_TOKEN.assertLetsIn(party);
        assertRefused(
                Endpoint.REFRESH_TOKEN,
                withCertificate(party, realm.pki().issue(ECOSYSTEM_SUBJECT)),
                "credentials_wrong");
    }

    @Test
    @Requirement("MT-7")
    void theSubjectOfASelfSignedCertificateSaysNothing() {
        Map<String, String> registration = new LinkedHashMap<>(selfSignedRegistration(SigningKey.publicJwks(key)));
        registration.put(SUBJECT, selfSigned.subjectDn());
        assertRefused(Endpoint.REFRESH_TOKEN, register(selfSigned, registration), "credentials_wrong");
    }

    static Stream<Arguments> uselessKeys() {
        return Stream.of(
                Arguments.of("a key for encryption", "credentials_wrong", (Supplier<String>)
                        () -> jwks(jwk(selfSigned).keyUse(KeyUse.ENCRYPTION).build())),
                Arguments.of("no keys", "credentials_wrong", (Supplier<String>) () -> "{\"keys\":[]}"),
                Arguments.of("no member keys", "credentials_wrong", (Supplier<String>) () -> "{}"),
                Arguments.of("no JSON", "keys_not_available", (Supplier<String>) () -> "keys"),
                Arguments.of("half a key", "credentials_wrong", (Supplier<String>)
                        () -> "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\"}]}"),
                Arguments.of("a broken certificate", "credentials_wrong", (Supplier<String>) () -> {
                    Map<String, Object> broken =
                            new LinkedHashMap<>(jwk(selfSigned).build().toJSONObject());
                    broken.put("x5c", List.of("bm8gY2VydGlmaWNhdGU="));
                    return Json.write(Map.of("keys", List.of(broken)));
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("uselessKeys")
    @Requirement("MT-7")
    void keysThatAreNoneLetNobodyIn(String name, String reason, Supplier<String> keys) {
        FapiClient party = registerSelfSigned(keys.get());
        assertRefused(Endpoint.REFRESH_TOKEN, party, reason);
        realm.setAttributeBehindThePolicysBack(
                party.clientId(), "jwks.string", jwks(jwk(selfSigned).build()));
        Endpoint.REFRESH_TOKEN.assertLetsIn(party);
    }

    @Test
    @Requirement("MT-7")
    void anAddressThatDoesNotAnswerLetsNobodyIn() {
        Map<String, String> registration = new LinkedHashMap<>(selfSignedRegistration(""));
        registration.putAll(
                Map.of("use.jwks.string", "false", "use.jwks.url", "true", "jwks.url", "https://localhost:1/jwks"));
        FapiClient party = register(selfSigned, registration);
        Exchange answer = Endpoint.REFRESH_TOKEN.call(party).send();
        assertRefused(answer);
        assertThat(realm.reasonOfTheLastEvent()).isIn("keys_not_available", "credentials_wrong");
    }

    @Test
    @Requirement("MT-7")
    void anExpiredSelfSignedCertificateIsRefused() {
        TlsIdentity expired = pinned(PinnedClient.SELF_SIGNED_EXPIRED);
        FapiClient party =
                register(expired, selfSignedRegistration(jwks(jwk(expired).build())));
        for (Endpoint endpoint : Endpoint.values()) {
            assertRefused(endpoint, party, "certificate_expired");
        }
    }

    /** What a listener that verifies does to a certificate that it does not know: the limit that the documentation tells of. */
    @Test
    @Requirement("MT-7")
    void aListenerThatVerifiesRefusesTheHandshake() {
        TlsIdentity unknown = TestPki.selfSigned("CN=unknown");
        FapiClient party =
                register(unknown, selfSignedRegistration(jwks(jwk(unknown).build())));
        assertThatThrownBy(() -> Endpoint.REFRESH_TOKEN.call(party).send()).isInstanceOf(UncheckedIOException.class);
    }

    // Either method

    @Test
    @Requirement({"MT-1", "MT-7"})
    void aCertificateIsRequired() {
        for (FapiClient party : List.of(
                register(named, Map.of(SUBJECT, "CN=named")),
                registerSelfSigned(jwks(jwk(selfSigned).build())))) {
            for (Endpoint endpoint : Endpoint.values()) {
                EndpointCall bare = bare(endpoint, party);
                assertRefused(bare.send());
                assertThat(realm.reasonOfTheLastEvent()).as(endpoint.toString()).isEqualTo("certificate_missing");
                assertRefused(bare.set("client_secret", "").send());
                endpoint.assertLetsIn(party);
            }
        }
    }

    @Test
    @Requirement("MT-8")
    void theClientIdIsRequired() {
        FapiClient party = register(named, Map.of(SUBJECT, "CN=named"));
        for (Endpoint endpoint : Endpoint.values()) {
            Exchange without = endpoint.call(party).remove("client_id").send();
            assertThat(without.status()).as(endpoint + ": " + without.body()).isBetween(400, 401);
            assertThat(without.mediaType()).isEqualTo(JSON);
            assertThat(without.error()).contains("invalid_client");

            EndpointCall call = endpoint.call(party).remove("client_id");
            Exchange inTheQuery = call.to(URI.create(call.uri() + "?client_id=" + party.clientId()))
                    .send();
            assertRefused(inTheQuery);
            assertThat(realm.reasonOfTheLastEvent()).isEqualTo("client_id_missing");

            Exchange unknown = endpoint.call(party).set("client_id", "unknown").send();
            assertThat(unknown.status()).as(unknown.body()).isBetween(400, 401);
            assertThat(unknown.error()).contains("invalid_client");
            endpoint.assertLetsIn(party);
        }
    }

    @Test
    @Requirement("CA-4")
    void severalMethodsInOneRequestAreRefused() {
        for (FapiClient party : List.of(
                register(named, Map.of(SUBJECT, "CN=named")),
                registerSelfSigned(jwks(jwk(selfSigned).build())))) {
            FapiClient byKey = party.toBuilder().authenticatesWith(key).build();
            String basic = "Basic "
                    + java.util.Base64.getEncoder().encodeToString((party.clientId() + ":secret").getBytes(UTF_8));
            for (Endpoint endpoint : Endpoint.values()) {
                for (EndpointCall call : List.of(
                        endpoint.call(party).header("Authorization", basic),
                        endpoint.call(party).set("client_secret", "secret"),
                        endpoint.call(party)
                                .set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                                .clientAssertion(byKey.clientAssertion()))) {
                    Exchange answer = call.send();
                    assertThat(answer.status())
                            .as(endpoint + ": " + answer.body())
                            .isEqualTo(400);
                    assertThat(answer.mediaType()).isEqualTo(JSON);
                    assertThat(answer.error()).contains("invalid_request");
                    assertThat(realm.reasonOfTheLastEvent()).isEqualTo("several_methods");
                }
                endpoint.assertLetsIn(party);
            }
        }
    }

    @Test
    @Requirement({"F1-14", "SP-5.3.2.1-6"})
    void theMethodsAreAllowedOneByOne() {
        FapiRealm own = recorded(KeycloakUnderTest.running().messageSigningRealm());
        FapiRealm shared = realm;
        try {
            realm = own;
            FapiClient issued = register(named, Map.of(SUBJECT, "CN=named"));
            FapiClient alone = registerSelfSigned(jwks(jwk(selfSigned).build()));
            own.configure("fapi-client-authentication", Map.of("allowed-methods", List.of("tls_client_auth")));
            Endpoint.REFRESH_TOKEN.assertLetsIn(issued);
            assertRefused(Endpoint.REFRESH_TOKEN, alone, "method_not_allowed");
            own.configure("fapi-client-authentication", Map.of("allowed-methods", List.of(SELF_SIGNED)));
            assertRefused(Endpoint.REFRESH_TOKEN, issued, "method_not_allowed");
            Endpoint.REFRESH_TOKEN.assertLetsIn(alone);
            own.configure("fapi-client-authentication", Map.of("allowed-methods", List.of("private_key_jwt")));
            assertRefused(Endpoint.REFRESH_TOKEN, issued, "method_not_allowed");
            assertRefused(Endpoint.REFRESH_TOKEN, alone, "method_not_allowed");
            assertRefused(bare(Endpoint.REFRESH_TOKEN, alone).send());
        } finally {
            realm = shared;
        }
    }

    @Test
    @Requirement("MT-1")
    void aDisabledClientIsNotLetIn() {
        FapiClient party = register(named, Map.of(SUBJECT, "CN=named"));
        realm.admin().updateClient(realm.name(), party.clientId(), Map.of("enabled", false));
        for (Endpoint endpoint : Endpoint.values()) {
            assertRefused(endpoint, party, "client_disabled");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement({"MT-1", "MT-7", "MT-9", "MT-14", "MT-16"})
    void eitherMethodWorksFromPushToRevocation(boolean bySelfSigned) {
        TlsIdentity certificate = bySelfSigned ? selfSigned : ecosystem;
        FapiClient party = bySelfSigned
                ? registerSelfSigned(jwks(jwk(selfSigned).build()))
                : register(ecosystem, Map.of(SUBJECT, ECOSYSTEM_SUBJECT));
        Tokens tokens = realm.tokensFor(party);
        assertThat(Json.object(tokens.accessTokenClaims().get("cnf")))
                .containsEntry("x5t#S256", certificate.thumbprint());
        String refreshToken = tokens.refreshToken().orElseThrow();
        assertRefused(withCertificate(party, named).refreshRequest(refreshToken).send());
        Tokens fresh = party.refresh(refreshToken);

        FapiClient api = apiByCertificate();
        Exchange introspected = api.introspectionRequest(fresh.accessToken(), SIGNED_INTROSPECTION)
                .send();
        assertThat(introspected.status()).as(introspected.body()).isEqualTo(200);
        assertThat(introspected.mediaType()).isEqualTo(SIGNED_INTROSPECTION);
        assertRefused(withCertificate(api, named)
                .introspectionRequest(fresh.accessToken(), SIGNED_INTROSPECTION)
                .send());

        assertRefused(withCertificate(party, named)
                .call(ServerMetadata.REVOCATION, Form.of("token", fresh.accessToken()))
                .send());
        assertThat(party.call(ServerMetadata.REVOCATION, Form.of("token", fresh.accessToken()))
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    @Requirement("MT-1")
    void theEventTellsTheReasonAndASuccessHasNone() {
        FapiClient party = register(named, Map.of(SUBJECT, "CN=named"));
        assertRefused(Endpoint.CLIENT_CREDENTIALS, withCertificate(party, ecosystem), "credentials_wrong");
        assertThat(realm.lastEvent())
                .containsEntry("clientId", party.clientId())
                .containsEntry("error", "invalid_client_credentials");
        Endpoint.CLIENT_CREDENTIALS.assertLetsIn(party);
        assertThat(realm.lastEvent()).doesNotContainKey("error").containsEntry("type", "CLIENT_LOGIN");
        assertThat(Json.object(realm.lastEvent().get("details")))
                .doesNotContainKey("reason")
                .containsEntry("client_auth_method", "client-x509");
    }

    // Sleeping

    @Test
    void aClientThatDidNotOptInAuthenticatesAsEver() {
        Map<String, String> optedOut = new LinkedHashMap<>(Map.of(
                "tls.client.certificate.bound.access.tokens",
                "false",
                SUBJECT,
                ".*CN=na.*",
                "x509.allow.regex.pattern.comparison",
                "true",
                METHOD,
                "no method at all",
                "tls.client.auth.san.dns",
                "elsewhere.example"));
        FapiClient byPattern = register(named, optedOut);
        assertThat(Endpoint.CLIENT_CREDENTIALS.call(byPattern).send().status()).isEqualTo(200);
        EndpointCall call = Endpoint.CLIENT_CREDENTIALS.call(byPattern).remove("client_id");
        assertThat(call.to(URI.create(call.uri() + "?client_id=" + byPattern.clientId()))
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(Endpoint.CLIENT_CREDENTIALS
                        .call(byPattern)
                        .set("client_secret", "x")
                        .send()
                        .status())
                .isEqualTo(200);
        Exchange refused = Endpoint.CLIENT_CREDENTIALS
                .call(withCertificate(byPattern, ecosystem))
                .send();
        assertStockRefusal(refused);

        optedOut.put("x509.allow.regex.pattern.comparison", "false");
        optedOut.put(SUBJECT, "CN=self-signed");
        assertThat(Endpoint.CLIENT_CREDENTIALS
                        .call(register(selfSigned, optedOut))
                        .send()
                        .status())
                .isEqualTo(200);
        optedOut.put(SUBJECT, "CN=SELF-signed");
        assertStockRefusal(
                Endpoint.CLIENT_CREDENTIALS.call(register(selfSigned, optedOut)).send());
    }

    private static void assertStockRefusal(Exchange answer) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.errorDescription()).contains("Invalid client or Invalid client credentials");
        assertThat(Json.object(realm.lastEvent().get("details"))).doesNotContainKey("reason");
    }

    // Parts

    /** Serves a JWK set over https. */
    private record PublishedKeys(HttpsServer server) implements AutoCloseable {

        static PublishedKeys of(TestPki pki, String jwks) throws IOException {
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(pki.serverContext()));
            server.createContext("/jwks", exchange -> {
                byte[] body = jwks.getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", JSON);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return new PublishedKeys(server);
        }

        URI address() {
            return URI.create("https://localhost:" + server.getAddress().getPort() + "/jwks");
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

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
                                                "REVOKE_GRANT")
                                        .flatMap(type -> Stream.of(type, type + "_ERROR"))
                                        .toList()));
        return fresh;
    }

    /** A new client for mutual TLS whose attributes are changed; {@code null} takes one away. */
    private static FapiClient register(TlsIdentity certificate, Map<String, String> attributes) {
        String clientId = "tls-" + ++registered;
        Map<String, Object> representation = new LinkedHashMap<>(Parties.tlsAuthenticatedClient(
                clientId, REDIRECT_URI, "CN=" + clientId, SigningKey.publicJwks(key), PS256));
        representation.put("serviceAccountsEnabled", true);
        realm.admin().createClient(realm.name(), Parties.withAttributes(representation, attributes));
        for (String scope : List.of("accounts", "payments")) {
            realm.admin().addOptionalScope(realm.name(), clientId, realm.scopeId(scope));
        }
        return FapiClient.of(realm.pki(), realm.issuer(), clientId)
                .authenticatesWith(certificate)
                .signsRequestObjectsWith(key)
                .bindsTokensTo(certificate)
                .jarmAlgorithm(PS256)
                .redirectUri(REDIRECT_URI)
                .scope("openid accounts")
                .build();
    }

    private static FapiClient registerSelfSigned(String jwks) {
        return register(selfSigned, selfSignedRegistration(jwks));
    }

    private static Map<String, String> selfSignedRegistration(String jwks) {
        return Map.of(METHOD, SELF_SIGNED, SUBJECT, "", "jwks.string", jwks);
    }

    private static Map<String, String> alternativeName(String form, String value) {
        return Map.of(SUBJECT, "", "tls.client.auth.san." + form, value);
    }

    private static FapiClient apiByCertificate() {
        String clientId = "api-" + ++registered;
        TlsIdentity certificate = realm.pki().issue("CN=" + clientId);
        Map<String, Object> representation =
                new LinkedHashMap<>(Parties.resourceServer(clientId, SigningKey.publicJwks(key), ES256));
        representation.put("clientAuthenticatorType", "client-x509");
        realm.admin()
                .createClient(
                        realm.name(), Parties.withAttributes(representation, Map.of(SUBJECT, certificate.subjectDn())));
        return FapiClient.of(realm.pki(), realm.issuer(), clientId)
                .authenticatesWith(certificate)
                .build();
    }

    private static FapiClient withCertificate(FapiClient party, TlsIdentity certificate) {
        return party.toBuilder()
                .authenticatesWith(certificate)
                .bindsTokensTo(certificate)
                .build();
    }

    /** The request over a connection without a certificate. */
    private static EndpointCall bare(Endpoint endpoint, FapiClient party) {
        return endpoint.call(party.toBuilder()
                        .authenticatesWith(key)
                        .bindsTokensToNothing()
                        .build())
                .withoutClientAssertion()
                .set("client_id", party.clientId());
    }

    private static TlsIdentity pinned(PinnedClient client) {
        return realm.pki().pinned(client);
    }

    private static ECKey.Builder jwk(TlsIdentity identity) {
        return new ECKey.Builder(
                        Curve.P_256, (ECPublicKey) identity.certificate().getPublicKey())
                .keyUse(KeyUse.SIGNATURE)
                .keyID(identity.thumbprint());
    }

    private static String jwks(JWK certificateKey) {
        return new JWKSet(List.of(key.publicJwk(), certificateKey)).toString();
    }

    private static Base64 encoded(X509Certificate certificate) {
        try {
            return Base64.encode(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(Endpoint endpoint, FapiClient party, String reason) {
        assertRefused(endpoint.call(party).send());
        assertThat(realm.reasonOfTheLastEvent()).as(endpoint.toString()).isEqualTo(reason);
    }

    private static void assertRefused(Exchange answer) {
        assertThat(answer.status()).as(answer + " " + answer.body()).isEqualTo(401);
        assertThat(answer.mediaType()).isEqualTo(JSON);
        assertThat(answer.error()).contains("invalid_client");
        assertThat(answer.errorDescription()).get().asString().isNotEmpty();
        assertThat(answer.json()).containsOnlyKeys("error", "error_description");
    }
}
