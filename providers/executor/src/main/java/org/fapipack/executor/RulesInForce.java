package org.fapipack.executor;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.ClientModelContext;

/**
 * Asks the realm's client policies which of the pack's rules hold for a client. This is how an override of a stock class learns
 * whether a client has opted in, so that the only switch is the client policy an administrator sees.
 *
 * <p>The question travels through Keycloak's own policy manager as an event that no stock executor acts on. Conditions that need
 * more than the client (requested scopes, granted acr) abstain; a policy built from those alone does not answer.
 */
public final class RulesInForce implements ClientPolicyContext, ClientModelContext {

    private final ClientModel client;
    private final RealmPolicies realmPolicies;
    private final Map<Class<?>, Rules<?>> answers = new HashMap<>();

    private RulesInForce(ClientModel client, RealmPolicies realmPolicies) {
        this.client = client;
        this.realmPolicies = realmPolicies;
    }

    /**
     * The rules of one kind that hold for a client, empty when no policy with such an executor applies. Asked once per client
     * and request, and not at all where no policy of the realm names an executor of the pack.
     *
     * @throws IllegalStateException if a condition refuses to answer: closed, never taken for "no rules"
     */
    public static <R extends Rules<R>> Optional<R> find(KeycloakSession session, ClientModel client, Class<R> kind) {
        String attribute = RulesInForce.class.getName() + '/' + client.getId();
        RulesInForce question = session.getAttribute(attribute, RulesInForce.class);
        if (question == null) {
            question = new RulesInForce(
                    client, RealmPolicies.of(session, session.getContext().getRealm()));
            ask(session, question);
            session.setAttribute(attribute, question);
        }
        return Optional.ofNullable(kind.cast(question.answers.get(kind)));
    }

    private static void ask(KeycloakSession session, RulesInForce question) {
        if (!question.realmPolicies.haveOptedIn()) {
            return;
        }
        try {
            session.clientPolicy().triggerOnEvent(question);
        } catch (ClientPolicyException unanswered) {
            throw new IllegalStateException("a client policy could not say which rules are in force", unanswered);
        }
    }

    /** Called by executors that apply to the client. */
    public <R extends Rules<R>> void add(Class<R> kind, R rules) {
        R known = kind.cast(answers.get(kind));
        answers.put(kind, known == null ? rules : known.and(rules));
    }

    /**
     * Called by executors whose settings take a while to read, for example a document: what is made of them is kept with the realm's policies, for
     * all clients and requests. It must not change.
     *
     * @param maker called where nothing was made of such settings yet
     */
    public <T, C extends ExecutorConfiguration> T made(Class<T> kind, C settings, Function<C, T> maker) {
        return realmPolicies.made(kind, settings, maker);
    }

    /** {@link ClientPolicyEvent#VIEW}: no stock executor acts on it. */
    @Override
    public ClientPolicyEvent getEvent() {
        return ClientPolicyEvent.VIEW;
    }

    @Override
    public ClientModel getClient() {
        return client;
    }
}
