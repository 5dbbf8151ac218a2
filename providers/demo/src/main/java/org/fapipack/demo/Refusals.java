package org.fapipack.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.EndpointCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;

/** What a FAPI server has to turn away: each attempt is made, and has to fail in the right way. */
final class Refusals {

    /** An attempt that was turned away (or was not). */
    record Refusal(String attempt, boolean refused, String answer) {}

    private final FapiClient client;
    private final Supplier<Browser> browsers;
    private final Walkthrough.Customer customer;

    Refusals(FapiClient client, Supplier<Browser> browsers, Walkthrough.Customer customer) {
        this.client = client;
        this.browsers = browsers;
        this.customer = customer;
    }

    List<Refusal> attemptAll() {
        List<Refusal> refusals = new ArrayList<>();
        refusals.add(attempt(
                "a request without a signed request object",
                400,
                () -> client.pushedAuthorizationRequest(client.plainParameters(client.begin()))
                        .send()));
        refusals.add(attempt(
                "an unsigned request object",
                400,
                () -> client.pushedAuthorizationRequest(
                                client.requestObject(client.begin()).unsigned())
                        .send()));
        refusals.add(attempt(
                "a request object that never expires",
                400,
                () -> client.pushedAuthorizationRequest(
                                client.requestObject(client.begin()).withoutClaim("exp"))
                        .send()));
        refusals.add(attempt("the same client assertion twice", 401, this::repeatClientAssertion));
        refusals.add(repeatRequestUri());
        refusals.add(attempt("the same authorization code twice", 400, this::repeatCode));
        refusals.add(attempt(
                "an introspection without authentication",
                400,
                () -> client.introspectionRequest("token", "application/token-introspection+jwt")
                        .withoutClientAssertion()
                        .send()));
        return refusals;
    }

    private Exchange repeatClientAssertion() {
        EndpointCall first = client.pushedAuthorizationRequest(client.requestObject(client.begin()));
        first.send().expect(201);
        return first.dpop(client.dpopProof("POST", first.uri())).send();
    }

    /** This one is refused to a browser, so with a page. */
    private Refusal repeatRequestUri() {
        PendingAuthorization pending = client.begin();
        String requestUri = client.push(pending).requestUri();
        browsers.get().logInAndConsent(client.authorizationUrl(requestUri), customer.name(), customer.password());
        Page second = browsers.get().open(client.authorizationUrl(requestUri));
        return new Refusal(
                "the same request_uri twice",
                second.status() == 400,
                second.status() + " page: " + second.errorMessage().orElse("no message"));
    }

    private Exchange repeatCode() {
        PendingAuthorization pending = client.begin();
        ClientRedirect redirect = browsers.get()
                .logInAndConsent(
                        client.authorizationUrl(client.push(pending).requestUri()),
                        customer.name(),
                        customer.password());
        String code = client.verifyJarm(redirect, pending).code();
        client.redeem(code, pending);
        return client.codeRequest(code, pending).send();
    }

    private static Refusal attempt(String what, int expectedStatus, Supplier<Exchange> attempt) {
        try {
            Exchange answer = attempt.get();
            return new Refusal(what, answer.status() == expectedStatus, answer.status() + " " + reason(answer));
        } catch (RuntimeException e) {
            return new Refusal(what, false, String.valueOf(e.getMessage()));
        }
    }

    private static String reason(Exchange answer) {
        return answer.error()
                .map(error -> error
                        + answer.errorDescription().map(text -> ": " + text).orElse(""))
                .orElse(answer.mediaType());
    }
}
