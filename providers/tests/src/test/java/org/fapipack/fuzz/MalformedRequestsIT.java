package org.fapipack.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.REDIRECT_URI;
import static org.fapipack.fuzz.Attempt.Place.CLIENT_ASSERTION;
import static org.fapipack.fuzz.Attempt.Place.DPOP_PROOF;
import static org.fapipack.fuzz.Attempt.Place.NONE;
import static org.fapipack.fuzz.Attempt.Place.TOKEN;
import static org.fapipack.fuzz.Attempt.Sender.DPOP_CLIENT;
import static org.fapipack.fuzz.Attempt.Sender.MTLS_CLIENT;
import static org.fapipack.fuzz.Attempt.Sender.STRANGER;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeProperty;
import net.jqwik.api.lifecycle.PropagationMode;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.testkit.client.EndpointCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;

/** Whatever is sent, a mistake of the sender is answered as one: below 500, without a word about the server's insides. */
@AddLifecycleHook(value = FuzzSettings.class, propagateTo = PropagationMode.ALL_DESCENDANTS)
class MalformedRequestsIT {

    private static final SigningKey FORGER = SigningKey.generate(JWSAlgorithm.ES256);
    private static final String UNKNOWN_CODE =
            "00000000-0000-0000-0000-000000000000.00000000-0000-0000-0000-000000000000.00000000-0000-0000-0000-000000000000";

    /** Longer header lines end at the HTTP layer. */
    private static final int MAX_HEADER = 6000;

    private static final String JSON = "application/json";

    /** Errors of OAuth; others are of HTTP, and a page for who asks for one. */
    private static final Set<Integer> OF_THE_PROTOCOL = Set.of(400, 401);

    private static final List<String> INSIDES =
            List.of("org.keycloak", "org.fapipack", "java.", "jakarta.", "com.fasterxml", "\tat ", "Exception");

    static final List<String> METADATA = List.of(
            "redirect_uris",
            "token_endpoint_auth_method",
            "token_endpoint_auth_signing_alg",
            "grant_types",
            "response_types",
            "client_name",
            "client_uri",
            "logo_uri",
            "scope",
            "contacts",
            "tos_uri",
            "policy_uri",
            "jwks_uri",
            "jwks",
            "software_id",
            "software_version",
            "software_statement",
            "client_id",
            "client_secret",
            "sector_identifier_uri",
            "subject_type",
            "request_uris",
            "default_max_age",
            "default_acr_values",
            "require_pushed_authorization_requests",
            "dpop_bound_access_tokens",
            "tls_client_certificate_bound_access_tokens",
            "tls_client_auth_subject_dn",
            "tls_client_auth_san_dns",
            "introspection_signed_response_alg",
            "authorization_signed_response_alg",
            "id_token_encrypted_response_alg",
            "request_object_signing_alg",
            "response_modes",
            "authorization_details_types",
            "backchannel_logout_uri",
            "frontchannel_logout_uri",
            "post_logout_redirect_uris",
            "initiate_login_uri",
            "registration_access_token",
            "client_id_issued_at",
            "x",
            "");

    private static FapiRealm realm;
    private static Map<Attempt.Sender, FapiClient> clients;
    private static Map<Attempt.Sender, Tokens> tokens;
    private static Map<Attempt.Sender, Wire> wires;
    private static String initialAccessToken;
    private static Message registeredClient;

    private EndpointCall preparedBefore;

    @BeforeContainer
    static void prepareRealm() throws Exception {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient dpop = realm.addDpopClient("fuzzed-dpop");
        FapiClient mtls = realm.addMtlsClient("fuzzed-mtls");
        Tokens dpopTokens = realm.tokensFor(dpop);
        clients = Map.of(DPOP_CLIENT, dpop, MTLS_CLIENT, mtls, STRANGER, dpop);
        tokens = Map.of(DPOP_CLIENT, dpopTokens, MTLS_CLIENT, realm.tokensFor(mtls), STRANGER, dpopTokens);
        Wire plain = Wire.over(realm.pki().sslContext());
        wires = Map.of(
                DPOP_CLIENT,
                plain,
                MTLS_CLIENT,
                Wire.over(realm.pki().sslContext(mtls.certificate().orElseThrow())),
                STRANGER,
                plain);
        initialAccessToken = realm.admin().initialAccessToken(realm.name());
        Map<String, Object> registration =
                Json.object(plain.send(registration("POST", "", metadata())).body());
        registeredClient = Message.json(
                        "PUT",
                        URI.create((String) registration.get("registration_client_uri")),
                        Json.write(with(metadata(), "client_id", registration.get("client_id"))))
                .header("Authorization", "Bearer " + registration.get("registration_access_token"));
    }

    @BeforeProperty
    void theOwnerPreparesARequest() {
        FapiClient client = clients.get(DPOP_CLIENT);
        preparedBefore =
                client.refreshRequest(tokens.get(DPOP_CLIENT).refreshToken().orElseThrow());
    }

    @AfterProperty
    void theOwnerStillGetsTokens() {
        FapiClient client = clients.get(DPOP_CLIENT);
        URI uri = preparedBefore.uri();
        // What expires within a minute is new; what is worth something is what it was.
        assertThat(preparedBefore
                        .clientAssertion(client.clientAssertion())
                        .dpop(client.dpopProof("POST", uri))
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(clients.get(MTLS_CLIENT)
                        .refresh(tokens.get(MTLS_CLIENT).refreshToken().orElseThrow())
                        .accessToken())
                .isNotEmpty();
        assertThat(client.push(client.begin()).requestUri()).isNotEmpty();
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void atThePushedAuthorizationRequestEndpoint(@ForAll("forms") Attempt attempt) throws Exception {
        FapiClient client = client(attempt);
        JwtDraft requestObject = client.requestObject(client.begin());
        Form form = Form.of("client_id", client.clientId(), "request", attempt.jwt(TOKEN, requestObject));
        check(attempt, proven(attempt, client.pushedAuthorizationRequest(form)));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void atThePushedAuthorizationRequestEndpointWithoutRequestObject(@ForAll("forms") Attempt attempt)
            throws Exception {
        FapiClient client = client(attempt);
        check(attempt, proven(attempt, client.pushedAuthorizationRequest(client.plainParameters(client.begin()))));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void atTheTokenEndpointWithARefreshToken(@ForAll("forms") Attempt attempt) throws Exception {
        String token = tokens.get(attempt.sender()).refreshToken().orElseThrow();
        check(attempt, proven(attempt, client(attempt).refreshRequest(jwt(attempt, token))));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void atTheTokenEndpointWithACode(@ForAll("forms") Attempt attempt) throws Exception {
        FapiClient client = client(attempt);
        String code = attempt.place() == TOKEN ? attempt.jwt(TOKEN, client.clientAssertion()) : UNKNOWN_CODE;
        check(attempt, proven(attempt, client.codeRequest(code, client.begin())));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void atTheIntrospectionEndpoint(@ForAll("forms") Attempt attempt) throws Exception {
        String token = jwt(attempt, tokens.get(attempt.sender()).accessToken());
        FapiClient resourceServer = realm.accountsApi();
        EndpointCall call = resourceServer
                .introspectionRequest(token, "*/*")
                .set("client_assertion", attempt.jwt(CLIENT_ASSERTION, resourceServer.clientAssertion()));
        check(attempt, signed(attempt, call).header("Accept", "application/token-introspection+jwt"));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void atTheRevocationEndpoint(@ForAll("forms") Attempt attempt) throws Exception {
        FapiClient client = client(attempt);
        String foreign = tokens.get(attempt.sender() == MTLS_CLIENT ? DPOP_CLIENT : MTLS_CLIENT)
                .accessToken();
        check(attempt, proven(attempt, client.revocationRequest(jwt(attempt, foreign))));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void atTheUserinfoEndpoint(@ForAll("forms") Attempt attempt, @ForAll("userinfoMethods") String method)
            throws Exception {
        FapiClient client = client(attempt);
        URI uri = client.revocationRequest("")
                .to(client.metadata().endpoint("userinfo_endpoint"))
                .uri();
        String token = jwt(attempt, tokens.get(attempt.sender()).accessToken());
        Message message = Message.without(method, uri)
                .header("Authorization", (attempt.sender() == MTLS_CLIENT ? "Bearer " : "DPoP ") + headerSafe(token));
        Message proven = client.dpopKey().isEmpty()
                ? message
                : message.header(
                        "DPoP",
                        headerSafe(attempt.jwt(
                                DPOP_PROOF,
                                client.dpopProof(
                                        method,
                                        uri,
                                        tokens.get(attempt.sender()).accessToken()))));
        check(attempt, proven);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void atTheRegistrationEndpoint(@ForAll("documents") List<Change<Message, Message>> changes) throws Exception {
        check(new Attempt(STRANGER, NONE, null, changes), registration("POST", "", metadata()));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void atTheRegistrationOfAClient(
            @ForAll("documents") List<Change<Message, Message>> changes, @ForAll("managementMethods") String method)
            throws Exception {
        Message owners =
                new Message(method, registeredClient.uri(), registeredClient.headers(), registeredClient.body());
        check(new Attempt(STRANGER, NONE, null, changes), owners);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void atTheRegistrationOfAClientWithAForgedToken(
            @ForAll("jwts") Change<JwtDraft, String> change, @ForAll("allManagementMethods") String method)
            throws Exception {
        String token = registeredClient.last("Authorization").substring("Bearer ".length());
        Message message = new Message(
                        method, registeredClient.uri(), registeredClient.headers(), registeredClient.body())
                .onlyHeader("Authorization", "Bearer " + headerSafe(change.apply(forgery(token))));
        check(new Attempt(STRANGER, TOKEN, change, List.of()), message);
    }

    private static FapiClient client(Attempt attempt) {
        return clients.get(attempt.sender());
    }

    private Message proven(Attempt attempt, EndpointCall call) {
        FapiClient client = client(attempt);
        EndpointCall authenticated =
                call.set("client_assertion", attempt.jwt(CLIENT_ASSERTION, client.clientAssertion()));
        Message message = signed(attempt, authenticated);
        return client.dpopKey().isEmpty()
                ? message
                : message.header("DPoP", headerSafe(attempt.jwt(DPOP_PROOF, client.dpopProof("POST", call.uri()))));
    }

    private static Message signed(Attempt attempt, EndpointCall call) {
        return Message.form(attempt.sender() == STRANGER ? call.withoutClientAssertion() : call);
    }

    /** A token of the server, spoilt if it is to be: nobody but the server can sign it. */
    private static String jwt(Attempt attempt, String token) {
        return attempt.place() == TOKEN ? attempt.jwt(TOKEN, forgery(token)) : token;
    }

    private static JwtDraft forgery(String token) {
        CompactJwt genuine = CompactJwt.parse(token);
        JwtDraft draft = JwtDraft.empty().secretlySignedBy(FORGER);
        for (Map.Entry<String, Object> member : genuine.header().entrySet()) {
            draft = draft.header(member.getKey(), member.getValue());
        }
        for (Map.Entry<String, Object> member : genuine.claims().entrySet()) {
            draft = draft.claim(member.getKey(), member.getValue());
        }
        return draft;
    }

    /** Our own HTTP client sends no line ends inside a header line. */
    private static String headerSafe(String jwt) {
        String line = jwt.replaceAll("[^ -~]", "?").strip();
        return line.substring(0, Math.min(line.length(), MAX_HEADER));
    }

    private static Message registration(String method, String path, Map<String, Object> metadata) {
        return Message.json(
                        method,
                        URI.create(realm.issuer() + "/clients-registrations/openid-connect" + path),
                        Json.write(metadata))
                .header("Authorization", "Bearer " + initialAccessToken);
    }

    static Map<String, Object> metadata() {
        return Map.of(
                "redirect_uris",
                List.of(REDIRECT_URI.toString()),
                "token_endpoint_auth_method",
                "private_key_jwt",
                "dpop_bound_access_tokens",
                true,
                "jwks",
                Json.object(SigningKey.publicJwks(FORGER)));
    }

    private static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(map);
        changed.put(name, value);
        return changed;
    }

    private static void check(Attempt attempt, Message correct) throws Exception {
        Message sent = attempt.spoil(correct);
        HttpResponse<String> answer = wires.get(attempt.sender()).send(sent);
        String report =
                sent.method() + " " + sent.uri() + " by " + attempt + ": " + answer.statusCode() + " " + answer.body();
        assertThat(answer.statusCode()).as(report).isBetween(200, 499);
        assertThat(INSIDES).as(report).noneMatch(answer.body()::contains);
        if (OF_THE_PROTOCOL.contains(answer.statusCode()) && !answer.body().isEmpty()) {
            assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                    .as(report)
                    .startsWith(JSON);
            assertThat(Json.object(answer.body())).as(report).containsKey("error");
        }
        if (answer.body().contains("\"access_token\"")) {
            assertThat(answer.headers().allValues("Cache-Control")).as(report).contains("no-store");
        }
    }

    @Provide
    Arbitrary<Attempt> forms() {
        Arbitrary<Change<JwtDraft, String>> jwts = jwts();
        Arbitrary<List<Change<Message, Message>>> some =
                Spoiling.form().list().ofMinSize(1).ofMaxSize(3);
        Arbitrary<Attempt.Sender> senders = Arbitraries.of(Attempt.Sender.class);
        return senders.flatMap(sender -> Arbitraries.oneOf(
                some.map(changes -> new Attempt(sender, NONE, null, changes)),
                Arbitraries.of(CLIENT_ASSERTION, DPOP_PROOF, TOKEN)
                        .flatMap(place -> jwts.map(jwt -> new Attempt(sender, place, jwt, List.of()))),
                Arbitraries.of(CLIENT_ASSERTION, DPOP_PROOF, TOKEN)
                        .flatMap(place ->
                                jwts.flatMap(jwt -> some.map(changes -> new Attempt(sender, place, jwt, changes))))));
    }

    @Provide
    Arbitrary<Change<JwtDraft, String>> jwts() {
        return Spoiling.jwt();
    }

    @Provide
    Arbitrary<List<Change<Message, Message>>> documents() {
        return Spoiling.json(METADATA);
    }

    @Provide
    Arbitrary<String> userinfoMethods() {
        return Arbitraries.of("GET", "POST");
    }

    /** Without DELETE, which would leave nothing to spoil. */
    @Provide
    Arbitrary<String> managementMethods() {
        return Arbitraries.of("GET", "PUT");
    }

    @Provide
    Arbitrary<String> allManagementMethods() {
        return Arbitraries.of("GET", "PUT", "DELETE");
    }
}
