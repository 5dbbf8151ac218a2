package org.fapipack.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.BlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;

/** A customer who is signed in decides on a consent once more: the pushed request, the page, the decision, and the exchange of the code. */
final class ConsentFlow implements Sample {

    private static final int MAX_REDIRECTS = 5;
    private static final Pattern ACTION = Pattern.compile("id=\"fapi-consent-form\" action=\"([^\"]+)\"");
    private static final Pattern VERSION = Pattern.compile("name=\"version\" value=\"([^\"]+)\"");
    private static final TokenAnswer TOKENS = new TokenAnswer();

    /** A browser with a session, and a consent that is decided on in no other. */
    record Visitor(Cookies cookies, String consentId) {}

    private final FlowClient client;
    private final BlockingQueue<Visitor> visitors;
    private final Visitor visitor;
    private final PendingAuthorization pending;
    private final HttpRequest push;
    private final HttpRequest.Builder tokenRequest;
    private final Form authenticated;
    private HttpResponse<String> tokens;

    ConsentFlow(FlowClient client, BlockingQueue<Visitor> visitors) {
        this.client = client;
        this.visitors = visitors;
        this.visitor = visitors.remove();
        this.pending = client.fapi().begin();
        this.push = client.push(
                ConsentBenchRealm.request(client, pending, visitor.consentId()).compact());
        this.tokenRequest = client.tokenRequest();
        this.authenticated = client.authenticated();
    }

    @Override
    public void send(HttpClient http) throws IOException, InterruptedException {
        HttpResponse<String> pushed = http.send(push, HttpResponse.BodyHandlers.ofString());
        if (pushed.statusCode() != 201) {
            throw new WrongAnswer("a pushed request", pushed);
        }
        HttpResponse<String> page = page(http, client.fapi().authorizationUrl((String)
                Json.object(pushed.body()).get("request_uri")));
        Form decision =
                Form.of("version", found(VERSION, page), "decision", "approve", "account", ConsentBenchRealm.ACCOUNT);
        HttpResponse<String> decided = http.send(
                browse(page.uri().resolve(found(ACTION, page).replace("&amp;", "&")))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(FlowClient.body(decision))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        visitor.cookies().keep(decided);
        String location = decided.headers().firstValue("location").orElse("");
        if (!location.startsWith(pending.redirectUri() + "?")) {
            throw new WrongAnswer("a redirect to the client", decided);
        }
        Form form = authenticated
                .add("grant_type", "authorization_code")
                .add(
                        "code",
                        Form.parse(URI.create(location).getRawQuery())
                                .first("code")
                                .orElse(""))
                .add("redirect_uri", pending.redirectUri().toString())
                .add("code_verifier", pending.codeVerifier());
        tokens = http.send(tokenRequest.POST(FlowClient.body(form)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** As a browser goes, up to the page. */
    private HttpResponse<String> page(HttpClient http, URI address) throws IOException, InterruptedException {
        URI next = address;
        for (int redirects = 0; redirects < MAX_REDIRECTS; redirects++) {
            HttpResponse<String> answer = http.send(browse(next).build(), HttpResponse.BodyHandlers.ofString());
            visitor.cookies().keep(answer);
            if (answer.statusCode() == 200) {
                return answer;
            }
            next = answer.headers()
                    .firstValue("location")
                    .map(next::resolve)
                    .orElseThrow(() -> new WrongAnswer("the page of the consent", answer));
        }
        throw new WrongAnswer("the browser never came to the page");
    }

    private HttpRequest.Builder browse(URI address) {
        return ClosedLoop.request()
                .uri(address)
                .header("Accept", "text/html")
                .header("Cookie", visitor.cookies().header());
    }

    private static String found(Pattern pattern, HttpResponse<String> page) {
        Matcher matcher = pattern.matcher(page.body());
        if (!matcher.find()) {
            throw new WrongAnswer("the page of the consent", page);
        }
        return matcher.group(1);
    }

    @Override
    public void glance() {
        TOKENS.glance(tokens);
        visitors.add(visitor);
    }

    @Override
    public void verify() {
        TOKENS.verify(tokens);
    }
}
