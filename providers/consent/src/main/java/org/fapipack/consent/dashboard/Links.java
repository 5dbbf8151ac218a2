package org.fapipack.consent.dashboard;

import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.keycloak.locale.LocaleSelectorProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resources.RealmsResource;

/** The addresses of the pages, as browsers know them. Ids go into the query: an id may have a slash. */
final class Links {

    static final String DETAILS = "consent";
    static final String REVOKE = "revoke";
    static final String SIGNED_IN = "signed-in";
    static final String ID = "id";
    static final String IN_FORCE_PAGE = "current";
    static final String ENDED_PAGE = "ended";

    /** Tells the page of a revoked consent that it was revoked just now. */
    static final String DONE = "done";

    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9_-]{2,20}");

    private final URI base;
    private final Optional<String> language;

    Links(KeycloakSession session) {
        this.base = session.getContext()
                .getUri()
                .getBaseUriBuilder()
                .path(RealmsResource.class)
                .path("{realm}")
                .path(MyConsentsFactory.ID)
                .build(session.getContext().getRealm().getName());
        this.language = Optional.ofNullable(session.getContext()
                        .getUri()
                        .getQueryParameters()
                        .getFirst(LocaleSelectorProvider.KC_LOCALE_PARAM))
                .filter(tag -> LANGUAGE.matcher(tag).matches());
    }

    URI list() {
        return of("").build();
    }

    URI list(int inForcePage, int endedPage) {
        return of("").queryParam(IN_FORCE_PAGE, inForcePage)
                .queryParam(ENDED_PAGE, endedPage)
                .build();
    }

    URI details(String id) {
        return of(DETAILS).queryParam(ID, "{id}").build(id);
    }

    URI done(String id) {
        return of(DETAILS).queryParam(ID, "{id}").queryParam(DONE, "1").build(id);
    }

    /** Of the page that asks for confirmation, and of its form. */
    URI revoke(String id) {
        return of(REVOKE).queryParam(ID, "{id}").build(id);
    }

    URI signedIn() {
        return UriBuilder.fromUri(base).path(SIGNED_IN).build();
    }

    /** A language that was chosen on one page holds for the next. */
    private UriBuilder of(String page) {
        UriBuilder uri = UriBuilder.fromUri(base).path(page);
        language.ifPresent(tag -> uri.queryParam(LocaleSelectorProvider.KC_LOCALE_PARAM, tag));
        return uri;
    }
}
