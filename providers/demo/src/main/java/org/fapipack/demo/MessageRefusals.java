package org.fapipack.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.fapipack.httpsignatures.Verification;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.client.ApiCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.SigningKey;

/** What the API, the client and an auditor have to turn away of signed messages. */
final class MessageRefusals {

    private static final String MISSING = "DPoP error=\"invalid_request\", error_description=\"signature_missing\"";
    private static final String INVALID = "DPoP error=\"invalid_request\", error_description=\"signature_invalid\"";
    private static final String USED =
            "DPoP algs=\"ES256 EdDSA PS256\", error=\"invalid_dpop_proof\", error_description=\"the proof was used"
                    + " before\"";

    private static final String ORDER = "{\"account\":\"4711\"}";
    private static final String OTHER_ORDER = "{\"account\":\"4712\"}";

    /** A signature is good for a minute, and ten seconds for clocks that differ. */
    private static final Duration TOO_OLD = Duration.ofMinutes(2);

    private final FapiClient client;
    private final SignedCalls calls;
    private final ApiProcess api;
    private final EvidenceFiles evidence;
    private final Supplier<Browser> browsers;
    private final Walkthrough.Customer customer;

    MessageRefusals(
            FapiClient client,
            ApiProcess api,
            EvidenceFiles evidence,
            Supplier<Browser> browsers,
            Walkthrough.Customer customer) {
        this.client = client;
        this.calls = new SignedCalls(client, api.accounts());
        this.api = api;
        this.evidence = evidence;
        this.browsers = browsers;
        this.customer = customer;
    }

    List<Refusals.Refusal> attemptAll() {
        String token = client.obtainTokens(browsers.get(), customer.name(), customer.password())
                .accessToken();
        ApiCall read = calls.call("GET", api.accounts(), token, "");
        Exchange accounts = accept(read, 200);
        accept(calls.call("POST", api.statements(), token, ORDER), 201);
        List<Refusals.Refusal> refusals = new ArrayList<>();
        refusals.add(attempt("an API call without a signature", MISSING, unsigned(token)));
        refusals.add(attempt(
                "an order that was changed on its way",
                INVALID,
                calls.call("POST", api.statements(), token, ORDER).withBody(OTHER_ORDER)));
        refusals.add(attempt("a signature that was changed", INVALID, withChangedSignature(token)));
        refusals.add(attempt(
                "a call that was signed two minutes ago",
                INVALID,
                calls.at(Clock.offset(Clock.systemUTC(), TOO_OLD.negated())).call("GET", api.accounts(), token, "")));
        refusals.add(attempt("the signature of another call", INVALID, withSignatureOf(read, token)));
        refusals.add(attempt("the same signed call twice", USED, read));
        refusals.add(attempt("a nonce of another call", INVALID, withNonceUsedBefore(token)));
        refusals.add(attempt(
                "a call signed with somebody else's key",
                INVALID,
                calls.by(SigningKey.generate(
                                client.authenticationKey().orElseThrow().algorithm()))
                        .call("GET", api.accounts(), token, "")));
        refusals.add(answer(
                "an answer that was changed on its way",
                "digest_mismatch",
                read,
                accounts.withBody(forged(accounts.body()))));
        refusals.add(answer(
                "the answer to another call",
                "signature_invalid",
                calls.call("GET", api.accounts(), token, ""),
                accounts));
        refusals.add(changedEvidence());
        return refusals;
    }

    /** The rightful message passes; its evidence is kept like any other. */
    private Exchange accept(ApiCall call, int status) {
        Exchange answer = call.send().expect(status);
        evidence.keep(SignedCalls.accepted(calls.verify(call, answer)), call.headers());
        return answer;
    }

    private ApiCall unsigned(String token) {
        return client.apiCall("GET", api.accounts(), token, Headers.none(), "");
    }

    private ApiCall withChangedSignature(String token) {
        ApiCall call = calls.call("GET", api.accounts(), token, "");
        String signature = call.header("Signature").orElseThrow();
        int first = signature.indexOf(':') + 1;
        char other = signature.charAt(first) == 'A' ? 'B' : 'A';
        return call.with("Signature", signature.substring(0, first) + other + signature.substring(first + 1));
    }

    private ApiCall withSignatureOf(ApiCall accepted, String token) {
        ApiCall call = unsigned(token);
        for (String name : List.of("Signature-Input", "Signature")) {
            call = call.with(name, accepted.header(name).orElseThrow());
        }
        return call;
    }

    private ApiCall withNonceUsedBefore(String token) {
        String nonce = "the-same-in-both";
        accept(calls.signed(unsigned(token), nonce), 200);
        return calls.signed(unsigned(token), nonce);
    }

    private static Refusals.Refusal attempt(String what, String challenge, ApiCall call) {
        Exchange answer = call.send();
        List<String> challenges = answer.headers("WWW-Authenticate");
        boolean refused = answer.status() == 401
                && challenges.contains(challenge)
                && answer.mediaType().equals("application/json")
                && answer.headers("Signature").isEmpty();
        return new Refusals.Refusal(
                what,
                refused,
                answer.status() + " " + challenges.stream().findFirst().orElse("no challenge"));
    }

    private Refusals.Refusal answer(String what, String reason, ApiCall call, Exchange answer) {
        return calls.verify(call, answer) instanceof Verification.Refused refused
                ? new Refusals.Refusal(
                        what,
                        refused.reason().code().equals(reason),
                        "the client: " + refused.reason().code())
                : new Refusals.Refusal(what, false, "the client believes it");
    }

    /** A copy of kept evidence in which the balance is another one. */
    private Refusals.Refusal changedEvidence() {
        Path original = evidence.answers().get(0);
        EvidenceFiles.Verified changed;
        try {
            Path copy = Files.createTempFile(evidence.folder(), "changed", ".json");
            try {
                Files.writeString(copy, changedContent(Files.readString(original)));
                changed = evidence.verify(copy);
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Refusals.Refusal(
                "kept evidence that was changed",
                evidence.verify(original).passed() && changed.problem().equals("digest_mismatch"),
                "the auditor: " + (changed.passed() ? "believes it" : changed.problem()));
    }

    private static String changedContent(String file) {
        Map<String, Object> kept = new LinkedHashMap<>(Json.object(file));
        Map<String, Object> message = new LinkedHashMap<>(Json.object(kept.get("message")));
        String content = new String(Base64.getDecoder().decode((String) message.get("content")), UTF_8);
        message.put(
                "content", Base64.getEncoder().encodeToString(forged(content).getBytes(UTF_8)));
        kept.put("message", message);
        return Json.write(kept);
    }

    private static String forged(String accounts) {
        return accounts.replace("1204.50", "9204.50");
    }
}
