package org.fapipack.sleeping;

import static com.nimbusds.jose.JWSAlgorithm.ES256;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Parties;
import org.fapipack.testkit.server.KeycloakServer;
import org.fapipack.testkit.tls.TestPki;

/**
 * One fixed set of requests against one realm that has no client policy, though its clients carry every attribute the pack knows:
 * discovery, keys, PAR, authorization, token, refresh, userinfo, introspection, registration, revocation, logout, and their errors.
 */
final class Script {

    private static final URI REDIRECT_URI = URI.create("https://client.example.test/callback");
    private static final String REALM = "asleep";

    private final KeycloakServer server;
    private final TestPki pki;
    private final AdminApi admin;
    private final HttpCaller http;
    private final List<Answer> answers = new ArrayList<>();

    Script(KeycloakServer server, TestPki pki) {
        this.server = server;
        this.pki = pki;
        this.admin = new AdminApi(server, pki);
        this.http = HttpCaller.over(pki.sslContext());
    }

    List<Answer> run() {
        SigningKey key = SigningKey.generate(ES256);
        SigningKey apiKey = SigningKey.generate(ES256);
        admin.createRealm(Map.of("realm", REALM, "enabled", true));
        admin.createUser(REALM, "alice", "password");
        admin.createClient(REALM, Parties.resourceServer("api", SigningKey.publicJwks(apiKey), ES256));
        String scope = admin.createClientScope(REALM, Parties.scopeForAudience("accounts", "Accounts", "api"));
        admin.createClient(REALM, Parties.dpopClient("app", REDIRECT_URI, SigningKey.publicJwks(key), ES256));
        admin.addOptionalScope(REALM, "app", scope);
        FapiClient app = FapiClient.of(pki, server.issuer(REALM), "app")
                .authenticatesWith(key)
                .bindsTokensTo(SigningKey.generate(ES256))
                .redirectUri(REDIRECT_URI)
                .scope("openid accounts")
                .jarmAlgorithm(ES256)
                .build();
        FapiClient api = FapiClient.of(pki, server.issuer(REALM), "api")
                .authenticatesWith(apiKey)
                .build();

        documents();
        pushes(app);
        Tokens tokens = authorizations(app);
        tokenEndpoint(app, tokens);
        userInfo(app, tokens);
        introspection(api, app, tokens);
        registration();
        ends(app, tokens);
        return List.copyOf(answers);
    }

    private void documents() {
        for (String document :
                List.of("openid-configuration", "oauth-authorization-server", "uma2-configuration", "nothing")) {
            note(document, http.get(URI.create(server.issuer(REALM) + "/.well-known/" + document)));
        }
        note(
                "an unknown extension",
                http.get(URI.create(server.issuer(REALM) + "/protocol/openid-connect/ext/nothing")));
        note("an unknown path", http.get(URI.create(server.issuer(REALM) + "/protocol/openid-connect/nothing")));
        note(
                "the status iframe",
                http.get(URI.create(server.issuer(REALM) + "/protocol/openid-connect/login-status-iframe.html")));
    }

    private void pushes(FapiClient app) {
        PendingAuthorization pending = app.begin();
        note(
                "push a request object",
                app.pushedAuthorizationRequest(app.requestObject(pending)).send());
        note(
                "push parameters",
                app.pushedAuthorizationRequest(app.plainParameters(pending)).send());
        note(
                "push a wrong aud",
                app.pushedAuthorizationRequest(app.requestObject(pending).claim("aud", "x"))
                        .send());
        note(
                "push an expired one",
                app.pushedAuthorizationRequest(app.requestObject(pending).claim("exp", 1))
                        .send());
        note(
                "push an unsigned one",
                app.pushedAuthorizationRequest(app.requestObject(pending).unsigned())
                        .send());
        note(
                "push a broken one",
                app.pushedAuthorizationRequest(app.requestObject(pending).withBrokenSignature())
                        .send());
        note(
                "push response_mode query",
                app.pushedAuthorizationRequest(app.requestObject(pending).claim("response_mode", "query"))
                        .send());
        note(
                "push without authentication",
                app.pushedAuthorizationRequest(app.requestObject(pending))
                        .withoutClientAssertion()
                        .send());
        note(
                "push a request_uri",
                app.pushedAuthorizationRequest(Form.of("client_id", "app", "request_uri", "urn:x"))
                        .send());
        note(
                "push a wrong redirect_uri",
                app.pushedAuthorizationRequest(app.requestObject(pending).claim("redirect_uri", "https://evil.example"))
                        .send());
        note("get the PAR endpoint", http.get(app.metadata().endpoint(ServerMetadata.PUSHED_AUTHORIZATION_REQUEST)));
    }

    private Tokens authorizations(FapiClient app) {
        Browser browser = Browser.forClientAt(REDIRECT_URI, pki);
        PendingAuthorization pending = app.begin();
        URI url = app.authorizationUrl(app.push(pending).requestUri());
        note("open the login page", browser.open(url).exchange());
        Page consent = browser.open(url).logIn("alice", "password");
        note("log in", consent.exchange());
        Page end = consent.acceptConsent();
        note("consent, answered by JARM", end.exchange());
        note("the same request_uri again", browser.open(url).exchange());
        note("and again", browser.open(url).exchange());

        PendingAuthorization plain = app.begin();
        FapiClient query = app.toBuilder().responseMode("query").build();
        Page sso = browser.open(query.authorizationUrl(query.push(plain).requestUri()));
        note("single sign-on, answered by query", sso.exchange());
        String code = sso.redirect().parameters().first("code").orElseThrow();
        for (String prompt : List.of("none", "consent", "login", "create")) {
            PendingAuthorization prompted = app.begin();
            Page page = browser.open(
                    app.authorizationUrl(app.push(app.requestObject(prompted).claim("prompt", prompt))
                            .requestUri()));
            note("prompt=" + prompt, page.exchange());
        }
        Browser stranger = Browser.forClientAt(REDIRECT_URI, pki);
        note(
                "prompt=none without a session",
                stranger.open(app.authorizationUrl(
                                app.push(app.requestObject(app.begin()).claim("prompt", "none"))
                                        .requestUri()))
                        .exchange());
        note(
                "an unknown request_uri",
                stranger.open(app.authorizationUrl("urn:ietf:params:oauth:request_uri:x"))
                        .exchange());
        note(
                "no client_id",
                stranger.open(app.authorizationUrl(Form.of("scope", "openid"))).exchange());
        note(
                "without PAR",
                stranger.open(app.authorizationUrl(app.plainParameters(app.begin())))
                        .exchange());
        return query.redeem(code, plain);
    }

    private void tokenEndpoint(FapiClient app, Tokens tokens) {
        note("the code exchanged", tokens.exchange());
        note("refresh", app.refreshRequest(tokens.refreshToken().orElseThrow()).send());
        note(
                "refresh without proof",
                app.refreshRequest(tokens.refreshToken().orElseThrow())
                        .withoutDpop()
                        .send());
        note("an unknown code", app.codeRequest("x", app.begin()).send());
        note("an unknown grant", app.tokenRequest(Form.of("grant_type", "x")).send());
        note("no grant", app.tokenRequest(Form.empty()).send());
        note("client_credentials", app.clientCredentialsRequest("accounts").send());
        note("get the token endpoint", http.get(app.metadata().endpoint(ServerMetadata.TOKEN)));
    }

    private void userInfo(FapiClient app, Tokens tokens) {
        URI endpoint = app.metadata().endpoint(ServerMetadata.USERINFO);
        note("userinfo", app.callApi(endpoint, tokens.accessToken()));
        note("userinfo without token", http.get(endpoint));
        note("userinfo by Bearer", http.get(endpoint, Headers.of("Authorization", "Bearer " + tokens.accessToken())));
    }

    private void introspection(FapiClient api, FapiClient app, Tokens tokens) {
        for (String accept : List.of(
                "application/json", "*/*", "application/jwt", "application/token-introspection+jwt", "text/html")) {
            note(
                    "introspect, Accept " + accept,
                    api.introspectionRequest(tokens.accessToken(), accept).send());
        }
        note(
                "introspect garbage",
                api.introspectionRequest("x", "application/json").send());
        note(
                "introspect an empty token",
                api.introspectionRequest("", "application/json").send());
        note(
                "introspect as another client",
                app.introspectionRequest(tokens.accessToken(), "application/json")
                        .send());
        note(
                "introspect a refresh token",
                app.introspectionRequest(tokens.refreshToken().orElseThrow(), "application/json")
                        .set("token_type_hint", "refresh_token")
                        .send());
        note(
                "introspect with an unknown hint",
                api.introspectionRequest("x", "application/json")
                        .set("token_type_hint", "x")
                        .send());
        note(
                "introspect nothing",
                api.introspectionRequest("x", "application/json")
                        .remove("token")
                        .send());
        note(
                "introspect twice at once",
                api.introspectionRequest("x", "application/json")
                        .add("token", "y")
                        .send());
        note(
                "introspect without authentication",
                api.introspectionRequest("x", "application/token-introspection+jwt")
                        .withoutClientAssertion()
                        .send());
        note(
                "introspect with a broken assertion",
                api.introspectionRequest("x", "application/json")
                        .clientAssertion(api.clientAssertion().withBrokenSignature())
                        .send());
        note("get the introspection endpoint", http.get(api.metadata().endpoint(ServerMetadata.INTROSPECTION)));
    }

    private void registration() {
        String initialAccessToken = admin.initialAccessToken(REALM);
        URI endpoint = URI.create(server.issuer(REALM) + "/clients-registrations/openid-connect");
        Exchange registered = call("POST", endpoint, initialAccessToken, "{\"redirect_uris\":[\"https://x.example\"]}");
        note("register", registered);
        for (String body : List.of(
                "{\"colour\":1}",
                "{\"software_statement\":\"x\"}",
                "{\"response_modes\":[\"jwt\"]}",
                "{\"redirect_uris\":[\"https://x.example#y\"]}",
                "{\"client_name\":5}",
                "{\"client_id\":\"mine\"}",
                "{\"scope\":\"openid\"}",
                "{\"token_endpoint_auth_method\":\"x\"}",
                "[]",
                "{",
                "null",
                "")) {
            note("register " + body, call("POST", endpoint, initialAccessToken, body));
        }
        note("register with a wrong token", call("POST", endpoint, "x", "{}"));
        note("register anonymously", http.send("POST", endpoint, Headers.of("Content-Type", "application/json"), "{}"));
        note("register by a form", http.post(endpoint, Form.of("client_name", "x")));
        note("ask the endpoint for its methods", http.send("OPTIONS", endpoint, Headers.none(), ""));
        String clientId = (String) registered.json().get("client_id");
        URI client = URI.create(endpoint + "/" + clientId);
        String token = (String) registered.json().get("registration_access_token");
        note("read the registration", call("GET", client, token, ""));
        note("update nothing", call("PUT", client, token, "{}"));
        note("update an unknown member", call("PUT", client, token, "{\"colour\":1}"));
        Exchange updated = call("PUT", client, token, "{\"client_id\":\"" + clientId + "\"}");
        note("update", updated);
        String newToken = (String) updated.json().get("registration_access_token");
        note("delete by the old token", call("DELETE", client, token, ""));
        note("delete", call("DELETE", client, newToken, ""));
    }

    private Exchange call(String method, URI uri, String token, String body) {
        return http.send(
                method,
                uri,
                Headers.of("Authorization", "Bearer " + token).add("Content-Type", "application/json"),
                body);
    }

    private void ends(FapiClient app, Tokens tokens) {
        note(
                "revoke",
                app.revocationRequest(tokens.refreshToken().orElseThrow()).send());
        note("revoke garbage", app.revocationRequest("x").send());
        note(
                "log out",
                http.get(URI.create(
                        app.metadata().document().get("end_session_endpoint").toString())));
    }

    private void note(String step, Exchange exchange) {
        answers.add(Answer.of(step, exchange));
    }
}
