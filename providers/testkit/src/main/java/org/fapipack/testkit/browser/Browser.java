package org.fapipack.testkit.browser;

import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Route;
import org.fapipack.testkit.tls.TestPki;
import org.fapipack.testkit.tls.TlsIdentity;

/**
 * A user agent with a cookie jar. It follows redirects one by one and stops before it would call the client's redirect
 * URI, so that a client needs no web server. Opening a second address while a page is open is a second tab: both share
 * the cookies.
 */
public final class Browser {

    private static final int MAX_REDIRECTS = 20;

    /** As browsers send it; Keycloak chooses pages over JSON errors by it. */
    private static final Headers NAVIGATION = Headers.of("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
            .add("Accept-Language", "en");

    private final HttpCaller http;
    private final CookieManager cookies;
    private final URI clientRedirectUri;
    private final List<Exchange> history = new ArrayList<>();

    private Browser(SSLContext tls, URI clientRedirectUri) {
        this.cookies = new CookieManager(null, CookiePolicy.ACCEPT_ORIGINAL_SERVER);
        this.http = HttpCaller.over(tls, cookies);
        this.clientRedirectUri = clientRedirectUri;
    }

    private Browser(Browser other, Route route) {
        this.cookies = other.cookies;
        this.http = other.http.by(route);
        this.clientRedirectUri = other.clientRedirectUri;
    }

    /** A browser without any session. */
    public static Browser forClientAt(URI redirectUri, TestPki pki) {
        return new Browser(pki.sslContext(), redirectUri);
    }

    /** A browser whose user has a certificate, for example of a smart card. */
    public static Browser forClientAt(URI redirectUri, TestPki pki, TlsIdentity userCertificate) {
        return new Browser(pki.sslContext(userCertificate), redirectUri);
    }

    /** The same browser, cookies and all, whose requests from here on take the given route. */
    public Browser by(Route route) {
        return new Browser(this, route);
    }

    /** Goes to an address and follows redirects. */
    public Page open(URI address) {
        return follow(http.get(address, NAVIGATION));
    }

    Page submit(URI action, Form form) {
        return follow(http.post(action, form, NAVIGATION));
    }

    /** Logs in and consents wherever the server asks, until it sends the browser to the client. */
    public ClientRedirect logInAndConsent(URI address, String username, String password) {
        Page page = open(address);
        if (page.isLogin()) {
            page = page.logIn(username, password);
        }
        if (page.isConsent()) {
            page = page.acceptConsent();
        }
        return page.redirect();
    }

    /** All exchanges since the start, each redirect on its own. */
    public List<Exchange> history() {
        return List.copyOf(history);
    }

    public Optional<HttpCookie> cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .findFirst();
    }

    /** Forgets every session. */
    public void clearCookies() {
        cookies.getCookieStore().removeAll();
    }

    private Page follow(Exchange first) {
        Exchange exchange = first;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            history.add(exchange);
            Optional<String> location = exchange.header("location");
            if (exchange.status() < 300 || exchange.status() > 399 || location.isEmpty()) {
                return new Page(this, exchange, formPost(exchange));
            }
            URI next = exchange.uri().resolve(location.get());
            if (isClient(next)) {
                return new Page(this, exchange, ClientRedirect.from(next));
            }
            exchange = http.get(next, NAVIGATION);
        }
        throw new IllegalStateException("more than " + MAX_REDIRECTS + " redirects, last to " + exchange.uri());
    }

    /** A page that sends itself to the client by script (response modes form_post and form_post.jwt). */
    private ClientRedirect formPost(Exchange exchange) {
        return HtmlForm.allIn(exchange.body()).stream()
                .filter(form -> isClient(exchange.uri().resolve(form.action())))
                .map(form -> new ClientRedirect(
                        exchange.uri().resolve(form.action()), ClientRedirect.Mode.FORM_POST, form.hidden()))
                .findFirst()
                .orElse(null);
    }

    private boolean isClient(URI uri) {
        return clientRedirectUri.getScheme().equals(uri.getScheme())
                && clientRedirectUri.getRawAuthority().equals(uri.getRawAuthority())
                && clientRedirectUri.getRawPath().equals(uri.getRawPath());
    }
}
