package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fapipack.consent.Ecosystem.Kind;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.consentstore.AmountLimit;
import org.fapipack.testkit.consentstore.ConsentStoreServer;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.http.Route;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The realm templates of the ecosystems, as an operator imports them, and the consents that clients lodge there. */
class EcosystemTemplatesIT {

    private static final Map<String, EcosystemRealm> REALMS = new HashMap<>();
    private static final Map<String, FapiClient> CLIENTS = new HashMap<>();

    static Stream<Ecosystem> ecosystems() {
        return Stream.of("brazil-open-finance", "uk-open-banking").map(Ecosystem::of);
    }

    private static EcosystemRealm realmOf(Ecosystem ecosystem) {
        return REALMS.computeIfAbsent(ecosystem.template(), unseen -> EcosystemRealm.of(ecosystem));
    }

    private static FapiClient clientOf(Ecosystem ecosystem) {
        return CLIENTS.computeIfAbsent(
                ecosystem.template(), unseen -> realmOf(ecosystem).addClient("institution"));
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    void aTemplateIsImportedAsItIs(Ecosystem ecosystem) {
        FapiRealm realm = realmOf(ecosystem).realm();
        Map<String, Object> settings = realm.admin().realm(realm.name());
        assertThat(settings)
                .containsEntry("browserFlow", "browser with consent")
                .containsEntry("eventsEnabled", true)
                .containsEntry("adminEventsEnabled", true)
                .containsEntry("sslRequired", "all")
                .containsEntry("revokeRefreshToken", false)
                .containsEntry("defaultSignatureAlgorithm", "PS256");
        assertThat((List<?>) settings.get("supportedLocales"))
                .map(String.class::cast)
                .containsExactlyInAnyOrder("ar", "de", "en", "no", "pt-BR");
        assertThat(Json.object((String) Json.object(settings.get("attributes")).get("acr.loa.map")))
                .usingRecursiveComparison()
                .isEqualTo(ecosystem.loa());
        List<Map<String, Object>> steps = Json.objects(realm.admin()
                .get("/" + realm.name() + "/authentication/flows/browser%20with%20consent/executions")
                .expect(200)
                .body());
        assertThat(steps)
                .filteredOn(step -> step.get("level").equals(0L))
                .extracting(step -> step.get("displayName") == null ? "" : step.get("requirement"))
                .containsExactly("REQUIRED", "REQUIRED");
        assertThat(steps.get(steps.size() - 1)).containsEntry("providerId", "fapi-consent");
        List<String> scopes =
                Json.objects(realm.admin()
                                .get("/" + realm.name() + "/client-scopes")
                                .expect(200)
                                .body())
                        .stream()
                        .map(scope -> (String) scope.get("name"))
                        .toList();
        assertThat(scopes).contains("acr", "basic", "profile", "consent-claims");
        ecosystem.kinds().forEach(kind -> assertThat(scopes).contains(kind.scope()));
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement({"BR-SEC-1", "BR-SEC-2", "BR-SEC-3", "BR-DISC-1", "UK-SEC-1", "UK-SEC-2"})
    void discoverySaysWhatTheEcosystemAllows(Ecosystem ecosystem) {
        Map<String, Object> discovery = HttpCaller.over(
                        realmOf(ecosystem).realm().pki().sslContext())
                .get(URI.create(realmOf(ecosystem).realm().issuer() + "/.well-known/openid-configuration"))
                .expect(200)
                .json();
        assertThat(discovery).containsAllEntriesOf(ecosystem.discovery());
        assertThat((List<?>) discovery.get("acr_values_supported"))
                .map(String.class::cast)
                .containsAll(ecosystem.loa().keySet());
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    void attributesThatTellCustomersApartAreForAdministrators(Ecosystem ecosystem) {
        FapiRealm realm = realmOf(ecosystem).realm();
        Map<String, Object> profile = realm.admin()
                .get("/" + realm.name() + "/users/profile")
                .expect(200)
                .json();
        List<String> attributes = new ArrayList<>(ecosystem.customer().keySet());
        attributes.add("fapi.accounts");
        assertThat(Json.objects((List<?>) profile.get("attributes")))
                .filteredOn(attribute -> attributes.contains(attribute.get("name")))
                .hasSameSizeAs(attributes)
                .allSatisfy(attribute -> assertThat(
                                Json.object(attribute.get("permissions")).get("edit"))
                        .isEqualTo(List.of("admin")));
        Map<String, Object> stored = realm.admin().user(realm.name(), FapiRealm.USER);
        assertThat(Json.object(stored.get("attributes"))).containsAllEntriesOf(ecosystem.customer());
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    void customersSeeTheirConsentsWithoutFurtherSetUp(Ecosystem ecosystem) {
        FapiRealm realm = realmOf(ecosystem).realm();
        MyConsentsClient pages = new MyConsentsClient(realm);
        Page list = realm.browser().open(pages.page("")).logIn(FapiRealm.USER, FapiRealm.PASSWORD);
        assertThat(list.status()).as(list.text()).isEqualTo(200);
        assertThat(list.uri()).isEqualTo(pages.page(""));
        assertThat(list.text()).contains("Your consents");
    }

    /** Else a client that registers itself with nothing that the policies look for would be under none. */
    @ParameterizedTest
    @MethodSource("ecosystems")
    void whoRegistersItselfIsUnderThePolicies(Ecosystem ecosystem) {
        FapiRealm realm = realmOf(ecosystem).realm();
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("redirect_uris", List.of(FapiRealm.REDIRECT_URI.toString()));
        metadata.put("token_endpoint_auth_method", "private_key_jwt");
        Map<String, Object> jwks =
                new LinkedHashMap<>(Json.object(SigningKey.publicJwks(SigningKey.generate(JWSAlgorithm.PS256))));
        if (ecosystem.isEncrypted()) {
            List<Object> keys = new ArrayList<>((List<?>) jwks.get("keys"));
            keys.add(Json.object(EcosystemRealm.encryptionKey("e").toPublicJWK().toJSONString()));
            jwks.put("keys", keys);
            metadata.put("id_token_encrypted_response_alg", "RSA-OAEP");
            metadata.put("id_token_encrypted_response_enc", "A256GCM");
        }
        metadata.put("jwks", jwks);
        String clientId = Json.text(register(realm, metadata).expect(201).json(), "client_id")
                .orElseThrow();
        assertThat(Json.object(realm.admin().client(realm.name(), clientId).get("attributes")))
                .containsEntry("tls.client.certificate.bound.access.tokens", "true");

        metadata.put("tls_client_certificate_bound_access_tokens", false);
        clientId = Json.text(register(realm, metadata).expect(201).json(), "client_id")
                .orElseThrow();
        assertThat(Json.object(realm.admin().client(realm.name(), clientId).get("attributes")))
                .containsEntry("tls.client.certificate.bound.access.tokens", "true");

        metadata.put("token_endpoint_auth_method", "client_secret_basic");
        Exchange refused = register(realm, metadata);
        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.error()).contains("invalid_client_metadata");
    }

    private static Exchange register(FapiRealm realm, Map<String, Object> metadata) {
        return HttpCaller.over(realm.pki().sslContext())
                .send(
                        "POST",
                        URI.create(realm.issuer() + "/clients-registrations/openid-connect"),
                        Headers.of("Authorization", "Bearer " + realm.admin().initialAccessToken(realm.name()))
                                .add("Content-Type", "application/json"),
                        Json.write(metadata));
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    void theProfileHasTheTypesOfTheFiles(Ecosystem ecosystem) throws Exception {
        FapiRealm realm = realmOf(ecosystem).realm();
        String country = ecosystem.template().substring(0, ecosystem.template().indexOf('-'));
        List<Object> shipped = new ArrayList<>();
        try (Stream<Path> files =
                Files.list(Path.of(System.getProperty("project.root"), "client-policies", "consent-types"))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith(country))
                    .toList()) {
                shipped.addAll(Json.array(Files.readString(file)));
            }
        }
        List<Object> used = realm.admin().clientProfiles(realm.name()).stream()
                .flatMap(profile -> Json.objects((List<?>) profile.get("executors")).stream())
                .filter(executor -> "fapi-consent".equals(executor.get("executor")))
                .flatMap(executor ->
                        Json.array((String) Json.object(executor.get("configuration"))
                                        .get("consent-types"))
                                .stream())
                .toList();
        assertThat(used).containsExactlyInAnyOrderElementsOf(shipped);
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement({"BR-CONSENT-1", "BR-CONSENT-8", "BR-SEC-6", "UK-CONSENT-1", "UK-CONSENT-6"})
    void goodConsentsAreLodgedAndRead(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        for (Kind kind : ecosystem.kinds()) {
            Exchange lodged = realm.lodge(clientOf(ecosystem), kind, kind.body());
            assertThat(lodged.status()).as(lodged.body()).isEqualTo(201);
            assertThat(lodged.mediaType()).isEqualTo(kind.mediaType(201));
            assertThat(lodged.header("cache-control")).contains("no-store");
            assertThat(lodged.header("x-fapi-interaction-id")).isPresent();
            assertThat(kind.state(lodged.json())).isEqualTo(kind.awaiting());
            String id = kind.id(lodged.json());
            String address = realm.uri(kind.path() + '/' + id).toString();
            assertThat(lodged.header("location")).contains(address);
            assertThat(kind.present())
                    .allSatisfy(pointer -> assertThat(Ecosystem.at(lodged.json(), pointer))
                            .as(pointer)
                            .isPresent());
            assertThat(lodged.body()).contains(address);

            Exchange read = realm.read(clientOf(ecosystem), kind, id);
            assertThat(read.status()).as(read.body()).isEqualTo(200);
            assertThat(kind.id(read.json())).isEqualTo(id);
            assertThat(read.body()).contains(address);

            for (Map<String, Object> good : kind.cases("also-good")) {
                Exchange other = realm.lodge(clientOf(ecosystem), kind, kind.changed(good));
                assertThat(other.status())
                        .as("%s: %s %s", kind, good.get("why"), other.body())
                        .isEqualTo(201);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement({"BR-CONSENT-2", "BR-CONSENT-3", "UK-CONSENT-2"})
    void badConsentsAreRefusedInTheEcosystemsWords(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        for (Kind kind : ecosystem.kinds()) {
            for (Map<String, Object> bad : kind.cases("bad")) {
                assertRefused(
                        ecosystem,
                        kind,
                        realm.lodge(clientOf(ecosystem), kind, kind.changed(bad)),
                        bad,
                        kind + ": " + bad.get("why"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement({"BR-CONSENT-4", "UK-CONSENT-3"})
    void aConsentIsRevokedAsTheEcosystemHasIt(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        for (Kind kind : ecosystem.kinds()) {
            String id = realm.lodged(clientOf(ecosystem), kind);
            Map<String, Object> revocation = kind.part("revocation").orElseThrow();
            Exchange revoked = revoke(realm, clientOf(ecosystem), kind, id);
            assertThat(revoked.status()).as(revoked.body()).isEqualTo(status(revocation));
            if (status(revocation) != 204) {
                assertThat(kind.state(realm.read(clientOf(ecosystem), kind, id).json()))
                        .isEqualTo(kind.awaiting());
                continue;
            }
            Exchange read = realm.read(clientOf(ecosystem), kind, id);
            Map<String, Object> expected = Json.object(revocation.get("read"));
            assertThat(read.status()).as(read.body()).isEqualTo(status(expected));
            if (status(expected) == 200) {
                assertThat(kind.state(read.json())).isEqualTo(expected.get("state"));
                Json.object(revocation.get("present"))
                        .forEach((pointer, value) ->
                                assertThat(Ecosystem.at(read.json(), pointer)).contains(value));
            } else {
                assertRefused(ecosystem, kind, read, expected, "read");
            }
            assertRefused(
                    ecosystem,
                    kind,
                    revoke(realm, clientOf(ecosystem), kind, id),
                    Json.object(revocation.get("again")),
                    "again");
        }
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement({"BR-CONSENT-5", "UK-CONSENT-4"})
    void whatIsUnknownAndWhatIsAnothersLookTheSame(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient other = realm.addClient("another-institution");
        for (Kind kind : ecosystem.kinds()) {
            Map<String, Object> expected = kind.part("unknown").orElseThrow();
            Exchange others = realm.read(other, kind, realm.lodged(clientOf(ecosystem), kind));
            Exchange unknown = realm.read(other, kind, "urn:nothing");
            assertRefused(ecosystem, kind, others, expected, "another's");
            assertRefused(ecosystem, kind, unknown, expected, "unknown");
        }
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement({"BR-CONSENT-6", "UK-CONSENT-5"})
    void theSameUnderTheSameKeyIsLodgedOnce(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = clientOf(ecosystem);
        List<Kind> kinds = ecosystem.kinds().stream()
                .filter(kind -> kind.part("idempotency").isPresent())
                .toList();
        assertThat(kinds).isNotEmpty();
        for (Kind kind : kinds) {
            Map<String, Object> rule = kind.part("idempotency").orElseThrow();
            Headers key = EcosystemRealm.key(kind, "key-1");
            Exchange first = realm.call(client, kind, "POST", kind.path(), key, kind.body());
            Exchange second = realm.call(client, kind, "POST", kind.path(), key, kind.body());
            assertThat(first.status()).as(first.body()).isEqualTo(201);
            assertThat(second.status()).as(second.body()).isEqualTo(201);
            assertThat(kind.id(second.json())).isEqualTo(kind.id(first.json()));
            assertThat(second.header("location")).isEqualTo(first.header("location"));

            Map<String, Object> change = kind.cases("also-good").get(0);
            assertRefused(
                    ecosystem,
                    kind,
                    realm.call(client, kind, "POST", kind.path(), key, kind.changed(change)),
                    Json.object(rule.get("other-body")),
                    "another body");
            assertRefused(
                    ecosystem,
                    kind,
                    realm.call(client, kind, "POST", kind.path(), Headers.none(), kind.body()),
                    Json.object(rule.get("missing")),
                    "no key");
            assertRefused(
                    ecosystem,
                    kind,
                    realm.call(
                            client, kind, "POST", kind.path(), EcosystemRealm.key(kind, "k".repeat(41)), kind.body()),
                    Json.object(rule.get("invalid")),
                    "a key that is too long");
            Exchange namesake = realm.call(
                    realm.addClient("namesake-" + kind.scope() + ecosystem),
                    kind,
                    "POST",
                    kind.path(),
                    key,
                    kind.body());
            assertThat(namesake.status()).isEqualTo(201);
            assertThat(kind.id(namesake.json())).isNotEqualTo(kind.id(first.json()));
        }
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    void whatTheBankDoesNotAcceptIsRefusedInTheEcosystemsWords(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = clientOf(ecosystem);
        FapiClient keys =
                client.by(Route.alternating(KeycloakUnderTest.running().nodes()));
        String name = realm.realm().name();
        List<Map<String, Object>> profiles = realm.realm().admin().clientProfiles(name);
        try (ConsentStoreServer bank = ConsentStoreServer.of(
                        realm.realm().pki(), realm.realm().issuer(), keys::issuerKeys)
                .start()) {
            Map<String, Object> settings =
                    Map.of("kept-at", "here", "store-url", bank.url().toString(), "private-addresses", true);
            realm.realm().admin().setClientProfiles(name, ConsentRealm.withStore(profiles, settings));
            for (Kind kind : ecosystem.kinds()) {
                Map<String, Object> usual = kind.part("judged").orElseThrow();
                bank.judgeBy(asked -> Map.of("verdict", "refused", "description", "not today"));
                Exchange refused = realm.lodge(client, kind, kind.body());
                assertRefused(ecosystem, kind, refused, usual, kind + ": without a code");
                assertThat(Json.write(refused.json())).contains("\"not today\"");

                String code = (String) usual.get("named");
                bank.judgeBy(asked -> Map.of("verdict", "refused", "code", code));
                Map<String, Object> named = Map.of("status", usual.get("status"), "code", code);
                assertRefused(ecosystem, kind, realm.lodge(client, kind, kind.body()), named, kind + ": " + code);

                bank.judgeBy(asked -> Map.of("verdict", "refused", "code", "MADE_UP"));
                Exchange unknown = realm.lodge(client, kind, kind.body());
                assertThat(unknown.status()).as(unknown.body()).isEqualTo(503);
                assertThat(unknown.mediaType()).isEqualTo("application/json");

                bank.judgeBy(asked -> AmountLimit.ACCEPTED);
                realm.lodged(client, kind);
                Map<String, Object> asked =
                        Json.object(bank.calls().get(bank.calls().size() - 1).body());
                assertThat(asked.get("consent")).isEqualTo(Json.object(kind.body()));
            }
        } finally {
            realm.realm().admin().setClientProfiles(name, profiles);
        }
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement({"BR-CONSENT-9", "UK-SIGN-1"})
    void bodiesAreSignedByTheirClientForTheAddressAndForNow(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        for (Kind kind : signedKinds(ecosystem)) {
            BodySigning signing =
                    BodySigning.of(realm, clientOf(ecosystem), kind).orElseThrow();
            Map<String, Object> rules = kind.signedBodies().orElseThrow();
            String token = signing.client().clientCredentials(kind.scope()).accessToken();
            spoilt(signing, kind).forEach((why, compact) -> {
                Exchange answer = realm.sendSigned(
                        signing, token, 0, kind.path(), EcosystemRealm.key(kind, "k-signed"), compact, kind.body());
                Map<String, Object> expected = Json.object(rules.get(why.substring(0, why.indexOf(':'))));
                assertRefused(ecosystem, kind, answer, expected, kind + ": " + why);
            });
            Exchange good = realm.sendSigned(
                    signing,
                    token,
                    0,
                    kind.path(),
                    EcosystemRealm.key(kind, "k-signed"),
                    signing.draft(kind.body()).compact(),
                    kind.body());
            assertThat(good.status()).as(good.body()).isEqualTo(201);
        }
    }

    private static List<Kind> signedKinds(Ecosystem ecosystem) {
        return ecosystem.kinds().stream()
                .filter(kind -> kind.signedBodies().isPresent())
                .toList();
    }

    /** What is wrong, by the name of its answer, and the signature. */
    private static Map<String, String> spoilt(BodySigning signing, Kind kind) {
        JwtDraft good = signing.draft(kind.body());
        SigningKey stranger = SigningKey.generate(JWSAlgorithm.PS256);
        long now = Instant.now().getEpochSecond();
        Map<String, String> spoilt = new LinkedHashMap<>();
        spoilt.put("bad-signature: one bit", good.withBrokenSignature().compact());
        spoilt.put("bad-signature: none", good.unsigned().compact() + "AA");
        spoilt.put(
                "bad-signature: a secret", good.signedWithSecret(new byte[32]).compact());
        spoilt.put(
                "bad-signature: another algorithm", good.header("alg", "RS256").compact());
        spoilt.put("bad-signature: a stranger's key", good.signedBy(stranger).compact());
        spoilt.put(
                "bad-signature: a stranger's key by the name of ours",
                good.secretlySignedBy(stranger).compact());
        spoilt.put(
                "bad-signature: an unknown key", good.header("kid", "unknown").compact());
        spoilt.put("malformed: not signed", "x");
        spoilt.put(
                "malformed: no header",
                "AA" + good.compact().substring(good.compact().indexOf('.')));
        spoilt.put(
                "wrong-claim: another client",
                signing.with(good, "iss", "another-institution").compact());
        spoilt.put("wrong-claim: old", signing.with(good, "iat", now - 100_000).compact());
        spoilt.put(
                "wrong-claim: from the future",
                signing.with(good, "iat", now + 300).compact());
        spoilt.put("missing-claim: by nobody", signing.without(good, "iss").compact());
        spoilt.put("missing-claim: at no time", signing.without(good, "iat").compact());
        if (kind.mediaType(201).equals("application/jwt")) {
            spoilt.put("bad-signature: no key", good.withoutHeader("kid").compact());
            spoilt.put(
                    "bad-signature: something critical",
                    good.header("crit", List.of("x")).compact());
            spoilt.put(
                    "bad-signature: a key of its own",
                    good.header("jku", "https://x.test").compact());
            spoilt.put("malformed: encrypted", good.compact() + ".AA.AA");
            spoilt.put("malformed: JSON", kind.body());
            spoilt.put(
                    "wrong-claim: for the realm",
                    good.claim("aud", signing.client().issuer()).compact());
            spoilt.put("missing-claim: for nobody", good.withoutClaim("aud").compact());
            spoilt.put("missing-claim: without a name", good.withoutClaim("jti").compact());
        }
        return spoilt;
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement("BR-CONSENT-9")
    void aSignedBodyWithANameIsTakenOnceOnWhateverNode(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        int lastNode = KeycloakUnderTest.running().nodes().size() - 1;
        for (Kind kind : signedKinds(ecosystem)) {
            if (kind.mediaType(201).equals("application/json")) {
                continue; // a signature beside the body has no name
            }
            BodySigning signing =
                    BodySigning.of(realm, clientOf(ecosystem), kind).orElseThrow();
            Map<String, Object> used =
                    Json.object(kind.signedBodies().orElseThrow().get("used-before"));
            String token = signing.client().clientCredentials(kind.scope()).accessToken();
            JwtDraft draft = signing.draft(kind.body());
            String body = draft.compact();
            Headers key = EcosystemRealm.key(kind, "k-once");
            // what is refused for something else is not used up
            assertRefused(
                    ecosystem,
                    kind,
                    realm.sendSigned(signing, token, 0, kind.path(), Headers.none(), body, ""),
                    Json.object(kind.part("idempotency").orElseThrow().get("missing")),
                    "no key");
            Exchange first = realm.sendSigned(signing, token, 0, kind.path(), key, body, "");
            assertThat(first.status()).as(first.body()).isEqualTo(201);
            for (Headers again : List.of(key, EcosystemRealm.key(kind, "k-twice"))) {
                assertRefused(
                        ecosystem,
                        kind,
                        realm.sendSigned(signing, token, lastNode, kind.path(), again, body, ""),
                        used,
                        "again");
            }
            // another client calls its own body as it likes, and a new body under the old key is the old consent
            FapiClient other = realm.addClient("namesake-" + kind.scope() + "-once");
            BodySigning others = BodySigning.of(realm, other, kind).orElseThrow();
            Exchange namesake = realm.sendSigned(
                    others,
                    other.clientCredentials(kind.scope()).accessToken(),
                    lastNode,
                    kind.path(),
                    key,
                    others.draft(kind.body())
                            .claim("jti", draft.claims().get("jti"))
                            .compact(),
                    "");
            assertThat(namesake.status()).as(namesake.body()).isEqualTo(201);
            Exchange retried = realm.sendSigned(
                    signing,
                    token,
                    lastNode,
                    kind.path(),
                    key,
                    signing.draft(kind.body()).compact(),
                    "");
            assertThat(retried.status()).as(retried.body()).isEqualTo(201);
            assertThat(kind.id(retried.json())).isEqualTo(kind.id(first.json()));
        }
    }

    @Test
    @Requirement("BR-CONSENT-9")
    void whereBodiesAreJwtsPlainJsonIsNeitherTakenNorGiven() {
        Ecosystem ecosystem = Ecosystem.of("brazil-open-finance");
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = clientOf(ecosystem);
        Kind kind = signedKinds(ecosystem).get(0);
        String token = client.clientCredentials(kind.scope()).accessToken();
        Headers key = EcosystemRealm.key(kind, "k-plain");

        Exchange plain = realm.send(
                client, token, 0, "POST", kind.path(), key.add("Content-Type", "application/json"), kind.body());
        assertThat(plain.status()).as(plain.body()).isEqualTo(415);
        assertThat(plain.error()).contains("invalid_request");

        Exchange large = realm.send(
                client, token, 0, "POST", kind.path(), key.add("Content-Type", "application/jwt"), "a".repeat(65_537));
        assertThat(large.status()).as(large.body()).isEqualTo(413);

        Exchange unread = realm.send(
                client,
                token,
                0,
                "GET",
                kind.path() + '/' + realm.lodged(client, kind),
                Headers.of("Accept", "application/json"),
                "");
        assertThat(unread.status()).as(unread.body()).isEqualTo(406);
    }

    @Test
    @Requirement("UK-SIGN-1")
    void whereSignaturesAreBesideBodiesTheyAreThereAndOfThisVeryBody() {
        Ecosystem ecosystem = Ecosystem.of("uk-open-banking");
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = clientOf(ecosystem);
        Kind kind = signedKinds(ecosystem).get(0);
        BodySigning signing = BodySigning.of(realm, client, kind).orElseThrow();
        Map<String, Object> rules = kind.signedBodies().orElseThrow();
        String token = client.clientCredentials(kind.scope()).accessToken();
        Headers key = EcosystemRealm.key(kind, "k-beside");

        Exchange unsigned = realm.send(
                client, token, 0, "POST", kind.path(), key.add("Content-Type", "application/json"), kind.body());
        assertRefused(ecosystem, kind, signing.opened(unsigned), Json.object(rules.get("missing")), "no signature");

        String signature = signing.draft(kind.body()).compact();
        assertRefused(
                ecosystem,
                kind,
                realm.sendSigned(signing, token, 0, kind.path(), key, signature, kind.body() + ' '),
                Json.object(rules.get("bad-signature")),
                "one space more");

        Exchange good = realm.sendSigned(signing, token, 0, kind.path(), key, signature, kind.body());
        assertThat(good.status()).as(good.body()).isEqualTo(201);
    }

    @Test
    void everyTemplateWithConsentsIsTested() throws Exception {
        Path templates = Path.of(System.getProperty("project.root"), "realm-exports");
        try (Stream<Path> folders = Files.list(templates)) {
            List<String> withConsents = folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> contains(templates.resolve(name).resolve(name + "-realm.json"), "\"fapi-consent\""))
                    .toList();
            assertThat(ecosystems().map(Ecosystem::template)).containsExactlyInAnyOrderElementsOf(withConsents);
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Exchange revoke(EcosystemRealm realm, FapiClient client, Kind kind, String id) {
        return realm.call(client, kind, "DELETE", kind.path() + '/' + id, Headers.none(), "");
    }

    private static int status(Map<String, Object> expected) {
        return ((Long) expected.get("status")).intValue();
    }

    private static void assertRefused(
            Ecosystem ecosystem, Kind kind, Exchange answer, Map<String, Object> expected, String why) {
        assertThat(answer.status()).as("%s: %s", why, answer.body()).isEqualTo(status(expected));
        assertThat(answer.mediaType()).isEqualTo(kind.mediaType(answer.status()));
        assertThat(ecosystem.errorCode(answer.json()))
                .as("%s: %s", why, answer.body())
                .contains(expected.get("code"));
    }
}
