package org.fapipack.consent.page;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.fapipack.consent.ConsentRequests;
import org.fapipack.consent.Consents;
import org.fapipack.consent.ConsentsUnavailable;
import org.fapipack.consent.StoredConsent;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentPage.AccountChoice;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.consent.RequestedValue;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.LoginProtocol;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Asks the customer to decide on the consent of a request, each time: an earlier decision on another consent, or single sign-on, changes
 * nothing. What is decided is what was shown: a consent that changed meanwhile is shown again.
 */
final class ConsentAuthenticator implements Authenticator {

    /** Name of the event detail. */
    private static final String CONSENT_ID = "consent_id";

    /** Note on the authentication session: why nothing could be decided. */
    private static final String UNAVAILABLE = "fapi.consent.unavailable";

    private final KeycloakSession session;

    ConsentAuthenticator(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public void authenticate(AuthenticationFlowContext context) {
        answer(context, this::ask);
    }

    @Override
    public void action(AuthenticationFlowContext context) {
        answer(context, this::decide);
    }

    /** Where the consents are kept may not answer: then nothing is decided, and the customer may try again. */
    private void answer(AuthenticationFlowContext context, Consumer<AuthenticationFlowContext> step) {
        AuthenticationSessionModel authSession = context.getAuthenticationSession();
        try {
            step.accept(context);
        } catch (ConsentsUnavailable unavailable) {
            over(context, unavailable.reason(), "fapiConsentUnavailable");
            authSession.setAuthNote(UNAVAILABLE, unavailable.reason());
        }
    }

    private void ask(AuthenticationFlowContext context) {
        Optional<String> id = ConsentRequests.consentId(context.getAuthenticationSession());
        if (id.isEmpty()) {
            context.success();
            return;
        }
        context.getEvent().detail(CONSENT_ID, id.get());
        Optional<StoredConsent> consent = open(context);
        if (consent.isPresent()) {
            show(context, consent.get(), "", new MultivaluedHashMap<>());
        }
    }

    private void decide(AuthenticationFlowContext context) {
        MultivaluedMap<String, String> form = context.getHttpRequest().getDecodedFormParameters();
        String decision = only(form, "decision");
        if (decision.equals("leave")) {
            leave(context, "consent_not_open");
            return;
        }
        context.getAuthenticationSession().removeAuthNote(UNAVAILABLE);
        Optional<StoredConsent> found = open(context);
        if (found.isEmpty()) {
            return;
        }
        StoredConsent consent = found.get();
        AccountSelection selection = selection(context, consent);
        boolean one = choice(consent) == AccountChoice.ONE;
        if (!Integer.toString(consent.version()).equals(only(form, "version"))) {
            show(context, consent, "fapiConsentChanged", new MultivaluedHashMap<>());
        } else if (decision.equals("refuse")) {
            Consents.of(session)
                    .move(
                            consent,
                            ConsentState.REJECTED,
                            ConsentActor.CUSTOMER,
                            context.getUser().getId());
            leave(context, Errors.REJECTED_BY_USER);
        } else if (choice(consent) != AccountChoice.NONE && !selection.take(form, one)) {
            show(context, consent, "fapiConsentTryAgain", new MultivaluedHashMap<>());
        } else if (!decision.equals("approve")) {
            show(context, consent, "", form);
        } else {
            approve(context, consent, selection, form);
        }
    }

    /** The value of a field that a form has once; else nothing. */
    private static String only(MultivaluedMap<String, String> form, String field) {
        List<String> values = form.getOrDefault(field, List.of());
        return values.size() == 1 ? values.get(0) : "";
    }

    private void approve(
            AuthenticationFlowContext context,
            StoredConsent consent,
            AccountSelection selection,
            MultivaluedMap<String, String> form) {
        Set<String> accounts = choice(consent) == AccountChoice.NONE ? Set.of() : selection.chosen();
        if (accounts.isEmpty() && choice(consent) != AccountChoice.NONE) {
            show(context, consent, "fapiConsentChooseAccount", form);
            return;
        }
        Optional<StoredConsent> granted = Consents.of(session).authorise(consent, context.getUser(), accounts);
        if (granted.isEmpty()) {
            open(context)
                    .ifPresent(changed -> show(context, changed, "fapiConsentChanged", new MultivaluedHashMap<>()));
            return;
        }
        ConsentRequests.grant(session, context.getAuthenticationSession(), granted.get());
        context.getEvent().detail(CONSENT_ID, consent.id());
        context.success();
    }

    /** The consent, if this customer can decide on it; else the answer is given. */
    private Optional<StoredConsent> open(AuthenticationFlowContext context) {
        Optional<StoredConsent> consent = ConsentRequests.consent(session, context.getAuthenticationSession());
        if (consent.isEmpty() || !ConsentRequests.isOpen(consent.get())) {
            over(context, "consent_not_open", "fapiConsentGone");
            return Optional.empty();
        }
        if (!consent.get().isFor(context.getUser())
                || !isMet(
                        ConsentRequests.requestedValues(context.getAuthenticationSession(), consent.get()),
                        context.getUser())) {
            over(context, "consent_of_another_customer", "fapiConsentOtherCustomer");
            return Optional.empty();
        }
        if (!ConsentRequests.isStrongEnough(session, context.getAuthenticationSession())) {
            over(context, "sign_in_not_strong_enough", "fapiConsentWeakSignIn");
            return Optional.empty();
        }
        if (boundAccount(consent.get()).isPresent()
                && accounts(context, consent.get()).isEmpty()) {
            over(context, "account_of_another_customer", "fapiConsentOtherCustomer");
            return Optional.empty();
        }
        return consent;
    }

    private static boolean isMet(List<RequestedValue> requested, UserModel customer) {
        return requested.stream()
                .allMatch(value ->
                        customer.getAttributeStream(value.userAttribute()).anyMatch(value.anyOf()::contains));
    }

    private void show(
            AuthenticationFlowContext context,
            StoredConsent consent,
            String error,
            MultivaluedMap<String, String> form) {
        context.getEvent().detail(CONSENT_ID, consent.id());
        Map<String, Object> model = ConsentPageModel.open(
                session,
                context.getAuthenticationSession().getClient(),
                context.getUser(),
                consent,
                accounts(context, consent),
                selection(context, consent),
                form,
                error);
        context.challenge(page(context, model, "fapi-consent.ftl"));
    }

    /** A page that says why there is nothing to decide; its one button goes back to the client. */
    private void over(AuthenticationFlowContext context, String reason, String messageKey) {
        context.getEvent().detail(Details.REASON, reason).clone().error(Errors.ACCESS_DENIED);
        context.forceChallenge(page(
                context,
                ConsentPageModel.over(context.getAuthenticationSession().getClient(), messageKey),
                "fapi-consent-over.ftl"));
    }

    private static Response page(AuthenticationFlowContext context, Map<String, Object> model, String template) {
        return context.form().setAttribute("consent", model).createForm(template);
    }

    /** The client is told that access was denied, or that nothing could be decided now. */
    private void leave(AuthenticationFlowContext context, String error) {
        context.getEvent().error(error);
        LoginProtocol protocol = session.getProvider(
                        LoginProtocol.class, context.getAuthenticationSession().getProtocol())
                .setRealm(context.getRealm())
                .setHttpHeaders(context.getHttpRequest().getHttpHeaders())
                .setUriInfo(context.getUriInfo())
                .setEventBuilder(context.getEvent());
        boolean unavailable = context.getAuthenticationSession().getAuthNote(UNAVAILABLE) != null;
        // The one error of Keycloak's that reads "temporarily_unavailable" for the client.
        context.forceChallenge(protocol.sendError(
                context.getAuthenticationSession(),
                unavailable ? LoginProtocol.Error.ALREADY_LOGGED_IN : LoginProtocol.Error.CONSENT_DENIED,
                null));
    }

    private static AccountChoice choice(StoredConsent consent) {
        return consent.type().authorization().orElseThrow().page().accounts();
    }

    private static Optional<String> boundAccount(StoredConsent consent) {
        return consent.type().boundAccount(consent.view().body());
    }

    private static AccountSelection selection(AuthenticationFlowContext context, StoredConsent consent) {
        return new AccountSelection(
                context.getAuthenticationSession(),
                accounts(context, consent),
                boundAccount(consent).isPresent());
    }

    /** All of the customer's; where the client named one that binds, that one. */
    private static CustomerAccounts accounts(AuthenticationFlowContext context, StoredConsent consent) {
        CustomerAccounts own = CustomerAccounts.of(
                context.getUser(), ConsentAuthenticatorFactory.accountsAttribute(context.getAuthenticatorConfig()));
        return boundAccount(consent).map(own::named).orElse(own);
    }

    @Override
    public boolean requiresUser() {
        return true;
    }

    @Override
    public boolean configuredFor(KeycloakSession current, RealmModel realm, UserModel user) {
        return true;
    }

    @Override
    public void setRequiredActions(KeycloakSession current, RealmModel realm, UserModel user) {
        // a customer needs nothing to be set up
    }

    @Override
    public void close() {
        // nothing to release
    }
}
