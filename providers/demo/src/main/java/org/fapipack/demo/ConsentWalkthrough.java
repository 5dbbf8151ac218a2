package org.fapipack.demo;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.PushedRequest;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.overlay.EcosystemSandbox;

/** The flow of one client in an ecosystem, from the consent it lodges to the end of that consent. */
final class ConsentWalkthrough {

    private static final String CLIENT = "client";
    private static final String KEYCLOAK = "Keycloak";
    private static final String BROWSER = "browser";
    private static final String API = "account API";

    private final EcosystemSandbox sandbox;
    private final FapiClient client;
    private final ApiProcess api;
    private final Decision decision;
    private final Style style;

    private String consentId;
    private PendingAuthorization pending;
    private URI address;
    private Form answer;
    private Tokens tokens;

    /** How the customer decides. */
    interface Decision {

        /** Comes back as soon as the customer is there. */
        void await();

        /**
         * The customer follows the request and decides.
         *
         * @return the parameters that come back to the client
         */
        Form follow(ConsentWalkthrough flow, Protocol protocol);
    }

    ConsentWalkthrough(EcosystemSandbox sandbox, ApiProcess api, Decision decision, Style style) {
        this.sandbox = sandbox;
        this.client = sandbox.client().build();
        this.api = api;
        this.decision = decision;
        this.style = style;
    }

    /** Runs the steps in order and tells each as soon as it is over. */
    List<StepResult> run(Consumer<Steps.Told> audience) {
        return new Steps(style)
                .then(ConsentStep.LODGE, this::lodge)
                .then(ConsentStep.REQUEST, this::request)
                .then(ConsentStep.DECIDE, this::decide)
                .then(ConsentStep.TOKEN, this::redeem)
                .then(ConsentStep.API, this::callApi)
                .then(ConsentStep.REVOKE, this::revoke)
                .then(ConsentStep.REFUSED, this::tryAgain)
                .run(audience);
    }

    private void lodge(Protocol protocol) {
        Exchange lodged = sandbox.lodge(client);
        protocol.exchange(CLIENT, KEYCLOAK, lodged);
        lodged.expect(201);
        consentId = sandbox.id(lodged);
        protocol.verified("consent " + consentId + " waits for a customer: " + sandbox.state(lodged));
    }

    private void request(Protocol protocol) {
        decision.await();
        JwtDraft request = newRequest();
        if (sandbox.isPushed(client)) {
            Exchange pushed = client.pushedAuthorizationRequest(request).send();
            protocol.exchange(CLIENT, KEYCLOAK, pushed);
            address = client.authorizationUrl(PushedRequest.from(pushed).requestUri());
        } else {
            protocol.heading(CLIENT, BROWSER, "the parameter request, decoded");
            protocol.jwt(request.compact());
            address = sandbox.addressByValue(client, request);
        }
    }

    private JwtDraft newRequest() {
        pending = client.begin();
        return sandbox.request(client, pending, consentId);
    }

    /** Another request for the same consent. */
    URI newAddress() {
        return sandbox.address(client, newRequest());
    }

    private void decide(Protocol protocol) {
        answer = decision.follow(this, protocol);
        protocol.heading(BROWSER, CLIENT, "back at " + pending.redirectUri());
        protocol.parameters(answer);
        answer.first("error").ifPresent(error -> {
            throw new Steps.Mismatch("the client was told " + error + ": "
                    + answer.first("error_description").orElse("no more"));
        });
        Steps.requireEqual("state", Optional.of(pending.state()), answer.first("state"));
        client.verifyIdToken(answer.first("id_token").orElseThrow(), pending);
        protocol.verified("state and nonce are those of this browser, the ID token verifies");
        protocol.verified("the consent now is " + sandbox.state(sandbox.read(client, consentId)));
    }

    private void redeem(Protocol protocol) {
        Exchange exchange =
                client.codeRequest(answer.first("code").orElseThrow(), pending).send();
        protocol.exchange(CLIENT, KEYCLOAK, exchange);
        tokens = client.accept(exchange, pending);
        Map<String, Object> claims = tokens.accessTokenClaims();
        Steps.requireEqual("consent_id of the access token", consentId, claims.get("consent_id"));
        Steps.requireEqual(
                "cnf.x5t#S256 of the access token",
                client.certificate().orElseThrow().thumbprint(),
                Json.object(claims.getOrDefault("cnf", Map.of())).get("x5t#S256"));
        protocol.verified("the access token is for this consent, and bound to the client's certificate");
    }

    private void callApi(Protocol protocol) {
        Exchange called = client.callApi(api.accounts(), tokens.accessToken());
        protocol.request(CLIENT, API, called).answer(API, CLIENT, called);
        called.expect(200);
        List<?> accounts = (List<?>) called.json().get("accounts");
        if (accounts.isEmpty()) {
            throw new Steps.Mismatch("the API shows no account");
        }
        protocol.verified("the API shows what the customer chose, and no other account");
    }

    private void revoke(Protocol protocol) {
        Exchange revoked = sandbox.revoke(client, consentId);
        protocol.exchange(CLIENT, KEYCLOAK, revoked);
        revoked.expect(204);
    }

    private void tryAgain(Protocol protocol) {
        Exchange called = client.callApi(api.accounts(), tokens.accessToken());
        protocol.request(CLIENT, API, called).answer(API, CLIENT, called);
        Steps.requireEqual("status of the API's answer", 401, called.status());
        Exchange refreshed =
                client.refreshRequest(tokens.refreshToken().orElseThrow()).send();
        protocol.exchange(CLIENT, KEYCLOAK, refreshed);
        Steps.requireEqual("status of the refresh", 400, refreshed.status());
        Steps.requireEqual("error of the refresh", Optional.of("invalid_grant"), refreshed.error());
        protocol.verified("the access token and the refresh token are worth nothing");
    }

    /** A customer who needs nobody to press the buttons, and chooses the first of their accounts. */
    static Decision scripted(Browser browser, Walkthrough.Customer customer, String account) {
        return new Decision() {
            @Override
            public void await() {
                // is always there
            }

            @Override
            public Form follow(ConsentWalkthrough flow, Protocol protocol) {
                Page login = browser.open(flow.address);
                if (!login.isLogin()) {
                    throw new Steps.Mismatch("no login page but " + login);
                }
                Page page = login.logIn(customer.name(), customer.password());
                if (page.isLogin() || page.isClientRedirect()) {
                    throw new Steps.Mismatch("no page to decide on but " + page);
                }
                Page end = page.submit("version", Form.of("decision", "approve", "account", account));
                protocol.exchange(BROWSER, KEYCLOAK, end.exchange());
                return end.redirect().parameters();
            }
        };
    }

    /**
     * A person at a browser.
     *
     * @param invitation says where to go, once
     */
    static Decision by(ClientSite site, Runnable invitation, BooleanSupplier goesOn) {
        return new Decision() {
            private CompletableFuture<URI> visitor;

            @Override
            public void await() {
                invitation.run();
                visitor = site.awaitVisitor(goesOn);
            }

            @Override
            public Form follow(ConsentWalkthrough flow, Protocol protocol) {
                visitor.complete(flow.address);
                return site.awaitAnswer(flow::newAddress, goesOn);
            }
        };
    }
}
