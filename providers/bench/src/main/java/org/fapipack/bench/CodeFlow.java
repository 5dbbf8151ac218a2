package org.fapipack.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.client.JarmRejection;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;

/**
 * One authorization, from the pushed request object to the tokens. The browser has a session already and its user gave consent before,
 * so that the server asks for nothing.
 */
final class CodeFlow implements Sample {

    private static final int MAX_REDIRECTS = 5;
    private static final Pattern CODE = Pattern.compile("\"code\":\"([^\"]+)\"");
    private static final TokenAnswer TOKENS = new TokenAnswer();

    private final FlowClient client;
    private final BlockingQueue<Cookies> browsers;
    private final boolean jarmSound;
    private final Cookies browser;
    private final PendingAuthorization pending;
    private final HttpRequest push;
    private final HttpRequest.Builder tokenRequest;
    private final Form authenticated;
    private ClientRedirect redirect;
    private HttpResponse<String> tokens;

    /**
     * @param browsers with a session each; one is taken now and put back after the glance at the answers
     * @param jarmSound whether {@link #verify} looks at the authorization response
     */
    CodeFlow(FlowClient client, BlockingQueue<Cookies> browsers, boolean jarmSound) {
        this.client = client;
        this.browsers = browsers;
        this.jarmSound = jarmSound;
        this.browser = browsers.remove();
        this.pending = client.fapi().begin();
        this.push = client.push(client.fapi().requestObject(pending).compact());
        this.tokenRequest = client.tokenRequest();
        this.authenticated = client.authenticated();
    }

    @Override
    public void send(HttpClient http) throws IOException, InterruptedException {
        redirect = authorize(http, requestUri(http));
        Form form = authenticated
                .add("grant_type", "authorization_code")
                .add("code", code())
                .add("redirect_uri", pending.redirectUri().toString())
                .add("code_verifier", pending.codeVerifier());
        tokens = http.send(tokenRequest.POST(FlowClient.body(form)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private String requestUri(HttpClient http) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(push, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201 || !PlainAnswer.hasMediaType(answer, PlainAnswer.MEDIA_TYPE)) {
            throw new WrongAnswer("a pushed request", answer);
        }
        return Json.text(Json.object(answer.body()), "request_uri")
                .orElseThrow(() -> new WrongAnswer("a request_uri", answer));
    }

    /** As a browser goes, up to the address of the client. */
    private ClientRedirect authorize(HttpClient http, String requestUri) throws IOException, InterruptedException {
        URI next = client.fapi().authorizationUrl(requestUri);
        for (int redirects = 0; redirects < MAX_REDIRECTS; redirects++) {
            HttpResponse<String> answer = http.send(
                    ClosedLoop.request()
                            .uri(next)
                            .header("Accept", "text/html")
                            .header("Cookie", browser.header())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            browser.keep(answer);
            URI previous = next;
            next = answer.headers()
                    .firstValue("location")
                    .map(previous::resolve)
                    .filter(location -> answer.statusCode() / 100 == 3)
                    .orElseThrow(() -> new WrongAnswer("a redirect: the session and the consent exist", answer));
            if (next.toString().startsWith(pending.redirectUri() + "?")) {
                return new ClientRedirect(next, ClientRedirect.Mode.QUERY, Form.parse(next.getRawQuery()));
            }
        }
        throw new WrongAnswer("the browser never came to the client");
    }

    /** The code in the JARM response, whose signature the client of a sample does not look at before {@link #verify}. */
    private String code() {
        String[] parts = redirect.parameters().first("response").orElse("").split("\\.", -1);
        if (parts.length != 3) {
            throw new WrongAnswer("expected a JARM response");
        }
        Matcher code = CODE.matcher(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8));
        if (!code.find()) {
            throw new WrongAnswer("expected a JARM response with a code");
        }
        return code.group(1);
    }

    @Override
    public void glance() {
        TOKENS.glance(tokens);
        browsers.add(browser);
    }

    @Override
    public void verify() {
        TOKENS.verify(tokens);
        try {
            if (jarmSound) {
                client.fapi().verifyJarm(redirect, pending);
            }
        } catch (JarmRejection rejected) {
            throw new WrongAnswer("the JARM response does not verify: " + rejected.getMessage(), rejected);
        }
        try {
            client.fapi().accept(tokenExchange(), pending);
        } catch (IllegalStateException rejected) {
            throw new WrongAnswer("the tokens do not verify: " + rejected.getMessage(), rejected);
        }
    }

    private Exchange tokenExchange() {
        return new Exchange(
                "POST",
                tokens.uri(),
                Headers.none(),
                Form.empty(),
                "",
                tokens.statusCode(),
                tokens.headers().map(),
                tokens.body(),
                Duration.ZERO);
    }
}
