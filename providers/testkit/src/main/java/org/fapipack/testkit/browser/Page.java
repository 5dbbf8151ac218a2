package org.fapipack.testkit.browser;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;

/**
 * What the browser shows after its redirects: a page of the authorization server, or the end of the road at the client's
 * redirect URI.
 */
public final class Page {

    private static final Pattern ERROR_MESSAGE =
            Pattern.compile("(?is)id=\"(?:kc-error-message|input-error[^\"]*)\"[^>]*>(.*?)</(?:div|span|p)>");

    private final Browser browser;
    private final Exchange exchange;
    private final ClientRedirect redirect;

    Page(Browser browser, Exchange exchange, ClientRedirect redirect) {
        this.browser = browser;
        this.exchange = exchange;
        this.redirect = redirect;
    }

    /** The last request and its answer. */
    public Exchange exchange() {
        return exchange;
    }

    public URI uri() {
        return exchange.uri();
    }

    public int status() {
        return exchange.status();
    }

    public String html() {
        return exchange.body();
    }

    /** The page's words without markup. */
    public String text() {
        return HtmlForm.text(exchange.body());
    }

    /** The message of an error page or of a refused form. */
    public Optional<String> errorMessage() {
        return ERROR_MESSAGE
                .matcher(exchange.body())
                .results()
                .map(message -> HtmlForm.text(message.group(1)))
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    public boolean isClientRedirect() {
        return redirect != null;
    }

    public boolean isLogin() {
        return !isClientRedirect() && form("username").isPresent();
    }

    public boolean isConsent() {
        return !isClientRedirect() && form("accept").isPresent();
    }

    public boolean isPasswordUpdate() {
        return !isClientRedirect() && form("password-new").isPresent();
    }

    /** True for a page without anything to go on with. */
    public boolean isError() {
        return !isClientRedirect() && status() >= 400;
    }

    /** Where the client gets its answer. */
    public ClientRedirect redirect() {
        if (redirect == null) {
            throw new UnexpectedPage("a redirect to the client", this);
        }
        return redirect;
    }

    /** Fills in and sends the login form. */
    public Page logIn(String username, String password) {
        return submit("username", "login form", Form.of("username", username, "password", password));
    }

    public Page acceptConsent() {
        return submit("accept", "consent form", Form.of("accept", "Yes"));
    }

    public Page refuseConsent() {
        return submit("accept", "consent form", Form.of("cancel", "No"));
    }

    /** Does the required action "update password". */
    public Page updatePassword(String password) {
        return submit("password-new", "password form", Form.of("password-new", password, "password-confirm", password));
    }

    /** Sends the form that has the given field, with the given values and its hidden fields. */
    public Page submit(String field, Form values) {
        return submit(field, "form with a field " + field, values);
    }

    private Page submit(String field, String name, Form values) {
        if (isClientRedirect()) {
            throw new UnexpectedPage("a " + name, this);
        }
        HtmlForm form = form(field).orElseThrow(() -> new UnexpectedPage("a " + name, this));
        return browser.submit(uri().resolve(form.action()), form.hidden().addAll(values));
    }

    /** Repeats the last request as F5 does: a page that a form led to sends the form again. */
    public Page reload() {
        return exchange.method().equals("POST") ? browser.submit(uri(), exchange.form()) : browser.open(uri());
    }

    private Optional<HtmlForm> form(String field) {
        return HtmlForm.allIn(exchange.body()).stream()
                .filter(form -> form.has(field))
                .findFirst();
    }

    @Override
    public String toString() {
        if (isClientRedirect()) {
            return "Page[redirect to the client, " + redirect.parameters() + "]";
        }
        String words = errorMessage().orElse(text());
        return "Page[" + exchange.method() + " " + uri().getRawPath() + " -> " + status() + ", \""
                + (words.length() <= 200 ? words : words.substring(0, 200) + "...") + "\"]";
    }
}
