package org.fapipack.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.fapipack.demo.api.IntrospectionReport;
import org.fapipack.httpsignatures.Evidence;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.ApiCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.JarmResponse;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.PushedRequest;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.overlay.Sandbox;

/**
 * One flow of one client, from the pushed request to the introspected API call and what stays of it.
 *
 * <p>Every step looks at what came back; the first one that finds something wrong ends the flow.
 */
final class Walkthrough {

    private static final String CLIENT = "client";
    private static final String KEYCLOAK = "Keycloak";
    private static final String BROWSER = "browser";
    private static final String API = "account API";

    private final FapiClient client;
    private final FapiClient thief;
    private final Browser browser;
    private final ApiProcess api;
    private final EvidenceFiles evidence;
    private final Customer customer;
    private final Style style;
    private final SignedCalls calls;

    private PendingAuthorization pending;
    private PushedRequest pushed;
    private Page consentPage;
    private ClientRedirect redirect;
    private JarmResponse response;
    private Tokens tokens;
    private ApiCall call;
    private Path keptAnswer;

    /** Name and password of the person in front of the browser. */
    record Customer(String name, String password) {}

    /** @param thief has the client's name but another key or certificate */
    Walkthrough(
            FapiClient client,
            FapiClient thief,
            Browser browser,
            ApiProcess api,
            EvidenceFiles evidence,
            Customer customer,
            Style style) {
        this.client = client;
        this.thief = thief;
        this.browser = browser;
        this.api = api;
        this.evidence = evidence;
        this.customer = customer;
        this.style = style;
        this.calls = new SignedCalls(client, api.accounts());
    }

    /** Runs the steps in order and tells each as soon as it is over. */
    List<StepResult> run(Consumer<Steps.Told> audience) {
        return new Steps(style)
                .then(MessageSigningStep.PUSH, this::push)
                .then(MessageSigningStep.LOG_IN, this::logIn)
                .then(MessageSigningStep.CONSENT, this::consent)
                .then(MessageSigningStep.JARM, this::verifyResponse)
                .then(MessageSigningStep.TOKEN, this::redeem)
                .then(MessageSigningStep.API, this::callApi)
                .then(MessageSigningStep.INTROSPECTION, this::readIntrospection)
                .then(MessageSigningStep.EVIDENCE, this::verifyEvidence)
                .run(audience);
    }

    private void push(Protocol protocol) {
        pending = client.begin();
        Exchange exchange =
                client.pushedAuthorizationRequest(client.requestObject(pending)).send();
        protocol.exchange(CLIENT, KEYCLOAK, exchange);
        pushed = PushedRequest.from(exchange);
    }

    private void logIn(Protocol protocol) {
        Page login = browser.open(client.authorizationUrl(pushed.requestUri()));
        protocol.exchange(BROWSER, KEYCLOAK, browser.history().get(0));
        if (!login.isLogin()) {
            throw new Steps.Mismatch("no login page but " + login);
        }
        protocol.note("the browser follows and shows the login page; the customer fills it in");
        int before = browser.history().size();
        consentPage = login.logIn(customer.name(), customer.password());
        protocol.exchange(BROWSER, KEYCLOAK, browser.history().get(before));
        if (consentPage.isLogin()) {
            throw new Steps.Mismatch("login refused: " + consentPage);
        }
    }

    private void consent(Protocol protocol) {
        if (!consentPage.isConsent()) {
            throw new Steps.Mismatch("no consent page but " + consentPage);
        }
        String words = consentPage.text();
        int asked = words.indexOf(Sandbox.SCOPE_CONSENT_TEXT);
        if (asked < 0) {
            throw new Steps.Mismatch("the consent page does not show \"" + Sandbox.SCOPE_CONSENT_TEXT + "\"");
        }
        protocol.verified("the page asks for: " + Sandbox.SCOPE_CONSENT_TEXT);
        Page end = consentPage.acceptConsent();
        protocol.exchange(BROWSER, KEYCLOAK, end.exchange());
        redirect = end.redirect();
    }

    private void verifyResponse(Protocol protocol) {
        protocol.heading(BROWSER, CLIENT, "the parameter response, decoded");
        protocol.jwt(redirect.parameters().first("response").orElseThrow());
        response = client.verifyJarm(redirect, pending);
        protocol.verified("signed with " + response.header().get("alg") + " by a key that Keycloak publishes");
        protocol.verified("iss, aud and exp are right, state is the one of this browser, no member occurs twice");
    }

    private void redeem(Protocol protocol) {
        Exchange exchange = client.codeRequest(response.code(), pending).send();
        protocol.exchange(CLIENT, KEYCLOAK, exchange);
        tokens = client.accept(exchange, pending);
        Map<String, Object> confirmation =
                Json.object(tokens.accessTokenClaims().getOrDefault("cnf", Map.of()));
        String member = client.dpopKey().isPresent() ? "jkt" : "x5t#S256";
        Steps.requireEqual("cnf." + member + " of the access token", thumbprint(), confirmation.get(member));
        protocol.verified("the token is bound: cnf." + member + " is the thumbprint of this client's "
                + (client.dpopKey().isPresent() ? "DPoP key" : "certificate"));
        if (tokens.idToken().isPresent()) {
            protocol.verified("the ID token verifies and has the nonce of this flow");
        }
    }

    private void callApi(Protocol protocol) {
        call = calls.call("GET", api.accounts(), tokens.accessToken(), "");
        Exchange answer = call.send();
        protocol.request(CLIENT, API, answer);
        client.certificate()
                .ifPresent(certificate -> protocol.note("over TLS with the client certificate "
                        + certificate.subjectDn() + ", x5t#S256 " + certificate.thumbprint()));
        protocol.answer(API, CLIENT, answer);
        answer.expect(200);
        protocol.verified("the API verified the request: signed by a key that introspection tells of this client");
        Evidence proof = SignedCalls.accepted(calls.verify(call, answer));
        protocol.verified(
                "the client verified the answer: signed by a key that the API publishes, for this very request");
        keptAnswer = evidence.keep(proof, call.headers());
        Exchange stolen = thief.callApi(api.accounts(), tokens.accessToken());
        Steps.requireEqual("status for a stolen token", 401, stolen.status());
        protocol.verified("the same token with "
                + (client.dpopKey().isPresent() ? "a proof of another key" : "another certificate") + ": 401, "
                + stolen.errorDescription().orElse(""));
    }

    private void readIntrospection(Protocol protocol) {
        IntrospectionReport kept = introspection().orElseThrow(() -> new Steps.Mismatch("the API did not introspect"));
        // It happened during the API call; this step only reads what was kept of it.
        protocol.took(kept.exchange().took());
        protocol.exchange(API, KEYCLOAK, kept.exchange());
        kept.rejection().ifPresent(rejection -> {
            throw new Steps.Mismatch("the API does not believe the answer: " + rejection);
        });
        Steps.requireEqual("active", true, kept.active());
        protocol.verified("signed with " + kept.algorithm() + ", typ, iss, aud and iat are right");
        protocol.verified("active, scope and cnf let the request through");
    }

    private void verifyEvidence(Protocol protocol) {
        protocol.heading(API, "file", "the request, as the client signed it");
        verifyAgain(protocol, evidence.requestWith(call.header("Signature").orElseThrow()));
        protocol.heading(CLIENT, "file", "the answer, as the API signed it, with the request");
        verifyAgain(protocol, keptAnswer);
        protocol.heading("auditor", "files", "verifies them again, now or later, with the server gone:");
        protocol.note("./providers/demo/run --verify-evidence " + evidence.folder());
    }

    private void verifyAgain(Protocol protocol, Path file) {
        protocol.note(file.toString());
        EvidenceFiles.Verified again = evidence.verify(file);
        Steps.requireEqual("the problem of " + file, "", again.problem());
        protocol.verified("verified again from the file: " + again.what());
        protocol.note("key " + again.signer());
    }

    private Optional<IntrospectionReport> introspection() {
        return api.introspectionOf(tokens.accessToken());
    }

    private String thumbprint() {
        return client.dpopKey()
                .map(key -> key.thumbprint())
                .orElseGet(() -> client.certificate().orElseThrow().thumbprint());
    }
}
