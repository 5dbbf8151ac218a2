package org.fapipack.consent.dashboard;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.fapipack.consent.CustomerConsents;
import org.fapipack.consent.StoredConsent;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentReference;
import org.fapipack.core.consent.ConsentState;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.util.LocaleUtil;

/**
 * What a signed-in customer sees of their consents, below {@code /realms/{realm}/fapi-my-consents}. Reading changes nothing. A consent is revoked by
 * the form of the page that asks for confirmation, and by nothing else. Who is not signed in is sent to sign in and comes back to read.
 */
public class MyConsentsEndpoint {

    private static final String TOKEN = "token";
    private static final String CONSENT_ID = "consent_id";
    private static final String CONSENT_TYPE = "consent_type";
    private static final String CONSENT_STATE = "consent_state";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final ClientModel client;
    private final Links links;

    MyConsentsEndpoint(KeycloakSession session, ClientModel client) {
        this.session = session;
        this.realm = session.getContext().getRealm();
        this.client = client;
        this.links = new Links(session);
        LocaleUtil.processLocaleParam(session, realm, null);
    }

    @GET
    public Response list(
            @QueryParam(Links.IN_FORCE_PAGE) String inForcePage, @QueryParam(Links.ENDED_PAGE) String endedPage) {
        return forCustomer(
                Optional.empty(),
                visit -> visit.pages()
                        .list(number(inForcePage), number(endedPage), Optional.empty(), Response.Status.OK));
    }

    @GET
    @Path(Links.DETAILS)
    public Response details(@QueryParam(Links.ID) String id, @QueryParam(Links.DONE) String done) {
        return forConsent(
                id,
                (visit, consent) -> done != null && isRevokedByCustomer(consent)
                        ? visit.pages().detailsWithSuccess(consent, "fapiConsentsRevoked")
                        : visit.pages().details(consent));
    }

    private static boolean isRevokedByCustomer(StoredConsent consent) {
        return consent.state() == ConsentState.REVOKED && consent.view().updatedBy() == ConsentActor.CUSTOMER;
    }

    @GET
    @Path(Links.REVOKE)
    public Response confirm(@QueryParam(Links.ID) String id) {
        return forConsent(
                id,
                (visit, consent) -> CustomerConsents.isRevocable(consent)
                        ? visit.pages().confirm(consent)
                        : visit.pages()
                                .detailsWithProblem(consent, "fapiConsentsNotRevocable", Response.Status.CONFLICT));
    }

    @POST
    @Path(Links.REVOKE)
    public Response revoke(@QueryParam(Links.ID) String id) {
        return forConsent(id, this::revoke);
    }

    private Response revoke(Visit visit, StoredConsent consent) {
        EventBuilder event = event(visit, consent);
        List<String> sent =
                session.getContext().getHttpRequest().getDecodedFormParameters().getOrDefault(TOKEN, List.of());
        Optional<Integer> shown = sent.size() == 1
                ? new FormToken(session, visit.customer()).shownVersion(sent.get(0), consent.id())
                : Optional.empty();
        if (shown.isEmpty()) {
            event.detail(Details.REASON, "the form does not come from the page that asks for confirmation")
                    .error(Errors.INVALID_REQUEST);
            return visit.pages().detailsWithProblem(consent, "fapiConsentsNotConfirmed", Response.Status.FORBIDDEN);
        }
        Optional<StoredConsent> revoked =
                shown.flatMap(version -> visit.consents().revoke(consent, version));
        if (revoked.isEmpty()) {
            event.detail(Details.REASON, "the consent is not as it was shown, or not in a state to be revoked")
                    .error(Errors.INVALID_REQUEST);
            StoredConsent now = visit.consents().find(consent.id()).orElse(consent);
            return visit.pages()
                    .detailsWithProblem(
                            now,
                            CustomerConsents.isRevocable(now) ? "fapiConsentsChanged" : "fapiConsentsNotRevocable",
                            Response.Status.CONFLICT);
        }
        event.detail(CONSENT_STATE, revoked.get().state().key()).success();
        return redirect(links.done(consent.id()));
    }

    /** Where customers come back from signing in. */
    @GET
    @Path(Links.SIGNED_IN)
    public Response signedIn() {
        SignIn signIn = new SignIn(session, client, links);
        return signIn.isRefused() || Customer.signedIn(session, client).isEmpty()
                ? session.getProvider(LoginFormsProvider.class)
                        .setError("fapiConsentsNotSignedIn")
                        .setResponseHeader(HttpHeaders.CACHE_CONTROL, ConsentPages.NO_STORE)
                        .createErrorPage(Response.Status.FORBIDDEN)
                : redirect(signIn.goal());
    }

    /** A request of a customer. */
    private record Visit(Customer customer, CustomerConsents consents, ConsentPages pages) {}

    @FunctionalInterface
    private interface OnConsent {
        Response answer(Visit visit, StoredConsent consent);
    }

    private Response forCustomer(Optional<String> id, Function<Visit, Response> answer) {
        Optional<Customer> customer = Customer.signedIn(session, client);
        if (customer.isEmpty()) {
            return uncached(new SignIn(session, client, links).redirect(id));
        }
        CustomerConsents consents = new CustomerConsents(session, customer.get().user());
        return answer.apply(
                new Visit(customer.get(), consents, new ConsentPages(session, customer.get(), consents, links)));
    }

    /** What is unknown and what is another customer's look the same. */
    private Response forConsent(String id, OnConsent answer) {
        Optional<String> wanted = Optional.ofNullable(id).filter(ConsentReference::isId);
        return forCustomer(
                wanted,
                visit -> wanted.flatMap(visit.consents()::find)
                        .map(consent -> answer.answer(visit, consent))
                        .orElseGet(() -> visit.pages()
                                .list(1, 1, Optional.of("fapiConsentsNotFound"), Response.Status.NOT_FOUND)));
    }

    private EventBuilder event(Visit visit, StoredConsent consent) {
        return new EventBuilder(realm, session, session.getContext().getConnection())
                .event(EventType.REVOKE_GRANT)
                .client(client)
                .user(visit.customer().user())
                .session(visit.customer().session())
                .detail(
                        Details.REVOKED_CLIENT,
                        realm.getClientById(consent.clientId()).getClientId())
                .detail(CONSENT_ID, consent.id())
                .detail(CONSENT_TYPE, consent.type().name());
    }

    private static int number(String text) {
        return text != null && text.matches("[0-9]{1,3}") ? Math.max(1, Integer.parseInt(text)) : 1;
    }

    private static Response redirect(URI location) {
        return uncached(Response.seeOther(location).build());
    }

    private static Response uncached(Response answer) {
        return Response.fromResponse(answer)
                .header(HttpHeaders.CACHE_CONTROL, ConsentPages.NO_STORE)
                .build();
    }
}
