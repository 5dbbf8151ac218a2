package org.fapipack.consent.dashboard;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fapipack.consent.CustomerConsents;
import org.fapipack.consent.StoredConsent;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.theme.Theme;
import org.keycloak.theme.beans.LocaleBean;

/** Makes the pages, in the login theme and in the customer's language. None of them is kept by a browser. */
final class ConsentPages {

    static final String NO_STORE = "no-store, must-revalidate, max-age=0";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final Customer customer;
    private final Links links;
    private final Locale locale;
    private final ConsentListModel lists;
    private final ConsentDetailsModel details;

    ConsentPages(KeycloakSession session, Customer customer, CustomerConsents consents, Links links) {
        this.session = session;
        this.realm = session.getContext().getRealm();
        this.customer = customer;
        this.links = links;
        this.locale = session.getContext().resolveLocale(customer.user());
        this.lists = new ConsentListModel(realm, customer, consents, links, locale);
        this.details = new ConsentDetailsModel(realm, customer, consents, links, new ShownTime(locale));
    }

    /** Both lists, with a message above where there is one. */
    Response list(int inForcePage, int endedPage, Optional<String> problem, Response.Status status) {
        LoginFormsProvider page = page(status).setAttribute("list", lists.page(inForcePage, endedPage));
        problem.ifPresent(page::setError);
        return show(page, "fapi-consents.ftl", links.list(inForcePage, endedPage));
    }

    /** One consent and its history. */
    Response details(StoredConsent consent) {
        return show(page(Response.Status.OK).setAttribute("consent", details.of(consent)), consent);
    }

    /** The same, with what just happened. */
    Response detailsWithSuccess(StoredConsent consent, String message) {
        return show(
                page(Response.Status.OK)
                        .setAttribute("consent", details.of(consent))
                        .setSuccess(message),
                consent);
    }

    /** The same, with what did not happen. */
    Response detailsWithProblem(StoredConsent consent, String message, Response.Status status) {
        return show(page(status).setAttribute("consent", details.of(consent)).setError(message), consent);
    }

    private Response show(LoginFormsProvider page, StoredConsent consent) {
        return show(page, "fapi-consents-details.ftl", links.details(consent.id()));
    }

    /** Asks whether the customer is sure. */
    Response confirm(StoredConsent consent) {
        return show(
                page(Response.Status.OK)
                        .setAttribute("consent", details.of(consent))
                        .setAttribute("token", new FormToken(session, customer).of(consent)),
                "fapi-consents-revoke.ftl",
                links.revoke(consent.id()));
    }

    private LoginFormsProvider page(Response.Status status) {
        return session.getProvider(LoginFormsProvider.class)
                .setUser(customer.user())
                .setStatus(status)
                .setResponseHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
    }

    /** @param self where the same page in another language is */
    private Response show(LoginFormsProvider page, String template, URI self) {
        page.setAttributeMapper(known -> {
            Map<String, Object> attributes = new HashMap<>(known);
            attributes.put("title", page.getMessage("fapiConsentsTitle"));
            if (realm.isInternationalizationEnabled()) {
                attributes.put("locale", languages(self));
            }
            return attributes;
        });
        return page.createForm(template);
    }

    private LocaleBean languages(URI self) {
        try {
            return new LocaleBean(
                    realm,
                    locale,
                    UriBuilder.fromUri(self),
                    session.theme().getTheme(Theme.Type.LOGIN).getEnhancedMessages(realm, locale));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
