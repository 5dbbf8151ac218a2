package org.fapipack.consent.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.fapipack.consent.ConsentSource;
import org.fapipack.consent.ConsentsUnavailable;
import org.fapipack.consent.remote.StoreFailure.Kind;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentReport;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.core.consent.ConsentVerdict;
import org.fapipack.executor.RulesInForce;
import org.jboss.logging.Logger;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.util.JsonSerialization;

/** The consents in the store that the policies of a client name; or what it says of new ones. */
final class RemoteConsents implements ConsentSource {

    private static final Logger LOG = Logger.getLogger(RemoteConsents.class);

    /** In place of the id that a consent does not have yet, in logs. */
    private static final String NEW = "new";

    /** The client attribute that pages show, too. */
    private static final String LEGAL_NAME = "fapi.legal.name";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final StoreConnections connections;
    private final Optional<String> caller;

    RemoteConsents(KeycloakSession session, StoreConnections connections) {
        this(session, connections, Optional.empty());
    }

    private RemoteConsents(KeycloakSession session, StoreConnections connections, Optional<String> caller) {
        this.session = session;
        this.realm = session.getContext().getRealm();
        this.connections = connections;
        this.caller = caller;
    }

    @Override
    public String caller() {
        return caller.orElseGet(() -> CallAssertion.issuer(session));
    }

    @Override
    public ConsentSource as(String name) {
        return new RemoteConsents(session, connections, Optional.of(name));
    }

    @Override
    public boolean keeps(ClientModel client) {
        return settings(client).filter(settings -> !settings.keptHere()).isPresent();
    }

    @Override
    public boolean judges(ClientModel client) {
        return settings(client).filter(StoreSettings::keptHere).isPresent();
    }

    @Override
    public ConsentVerdict validate(ClientModel client, ConsentType type, String body, Optional<String> interactionId) {
        return attempt(client, NEW, settings -> {
            ObjectNode asked = JsonSerialization.mapper
                    .createObjectNode()
                    .put("client_id", client.getClientId())
                    .put("type", type.name());
            Optional.ofNullable(client.getAttribute(LEGAL_NAME))
                    .filter(name -> !name.isBlank())
                    .ifPresent(name -> asked.put("organisation", name));
            // As it is, number by number: what is judged is what is kept.
            asked.putRawValue("consent", new RawValue(body));
            URI uri = URI.create(settings.url().orElseThrow() + "/validate");
            StoreAnswer answer = send(settings, StoreCall.question(uri, asked.toString(), interactionId));
            return Optional.of(answer)
                    .filter(said -> !said.isNo())
                    .flatMap(said -> ConsentVerdict.read(said.body(), type))
                    .orElseThrow(() -> new StoreFailure(Kind.STORE_ANSWER_INVALID));
        });
    }

    @Override
    public TokenCheck tokenCheck(ClientModel client) {
        return settings(client).map(StoreSettings::tokenCheck).orElse(TokenCheck.NEVER);
    }

    @Override
    public Optional<ConsentReport> fetch(ClientModel client, List<ConsentType> types, String id) {
        return attempt(client, id, settings -> {
            URI uri = URI.create(address(settings, id, "") + "?client_id=" + encoded(client.getClientId()));
            return report(client, types, id, send(settings, StoreCall.question(uri)));
        });
    }

    @Override
    public Optional<ConsentReport> authorise(
            ClientModel client, ConsentType type, String id, String version, UserModel customer, Set<String> accounts) {
        Set<String> chosen = new TreeSet<>(accounts);
        return attempt(client, id, settings -> {
            Optional<String> named = name(settings, customer);
            if (named.isEmpty()) {
                LOG.warnf(
                        "a customer without the attribute '%s' cannot agree to a consent",
                        settings.customerAttribute());
                return Optional.empty();
            }
            ObjectNode body = JsonSerialization.mapper
                    .createObjectNode()
                    .put("client_id", client.getClientId())
                    .put("version", version)
                    .put("customer", named.get());
            chosen.forEach(body.putArray("accounts")::add);
            Optional<ConsentReport> report =
                    report(client, List.of(type), id, send(settings, change(settings, id, "authorise", body)));
            // A store that did something else than it was asked to has not done it.
            if (report.isPresent() && !isAgreement(report.get(), named.get(), chosen)) {
                throw new StoreFailure(Kind.STORE_ANSWER_INVALID);
            }
            return report;
        });
    }

    private static boolean isAgreement(ConsentReport report, String customer, Set<String> accounts) {
        boolean agreed =
                report.state() == ConsentState.AUTHORISED || report.state() == ConsentState.PARTIALLY_AUTHORISED;
        return agreed
                && report.customer().filter(customer::equals).isPresent()
                && report.accounts().equals(accounts);
    }

    @Override
    public Optional<ConsentReport> end(
            ClientModel client, ConsentType type, String id, String version, ConsentState to, ConsentActor by) {
        return attempt(client, id, settings -> {
            ObjectNode body = JsonSerialization.mapper
                    .createObjectNode()
                    .put("client_id", client.getClientId())
                    .put("version", version)
                    .put("by", by.key());
            String operation = to == ConsentState.REJECTED ? "reject" : "revoke";
            Optional<ConsentReport> report =
                    report(client, List.of(type), id, send(settings, change(settings, id, operation, body)));
            if (report.isPresent() && report.get().state() != to) {
                throw new StoreFailure(Kind.STORE_ANSWER_INVALID);
            }
            return report;
        });
    }

    @Override
    public Optional<UserModel> customer(ClientModel client, String named) {
        String attribute = settings(client).orElseThrow().customerAttribute();
        if (attribute.equals(UserModel.USERNAME)) {
            return Optional.ofNullable(session.users().getUserByUsername(realm, named));
        }
        List<UserModel> users = session.users()
                .searchForUserByUserAttributeStream(realm, attribute, named)
                .limit(2)
                .toList();
        return users.size() == 1 ? Optional.of(users.get(0)) : Optional.empty();
    }

    private Optional<StoreSettings> settings(ClientModel client) {
        return RulesInForce.find(session, client, StoreSettings.class);
    }

    private static Optional<String> name(StoreSettings settings, UserModel customer) {
        return Optional.ofNullable(customer.getFirstAttribute(settings.customerAttribute()))
                .filter(name -> !name.isBlank());
    }

    /** The same decision about the same version has the same key, also on another node, also tomorrow. */
    private StoreCall change(StoreSettings settings, String id, String operation, ObjectNode body) {
        URI uri = URI.create(address(settings, id, "/" + operation));
        return StoreCall.change(uri, body.toString(), CallAssertion.sha256(realm.getId() + '\n' + uri + '\n' + body));
    }

    private static String address(StoreSettings settings, String id, String operation) {
        return settings.url().orElseThrow() + "/consents/" + encoded(id) + operation;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private StoreAnswer send(StoreSettings settings, StoreCall call) throws StoreFailure {
        CallAssertion assertion = new CallAssertion(session, caller());
        return connections.of(session, settings).send(call, each -> assertion.of(each, settings.audience()));
    }

    private static Optional<ConsentReport> report(
            ClientModel client, List<ConsentType> types, String id, StoreAnswer answer) throws StoreFailure {
        if (answer.isNo()) {
            return Optional.empty();
        }
        return Optional.of(ConsentReport.read(answer.body(), types, id, client.getClientId())
                .orElseThrow(() -> new StoreFailure(Kind.STORE_ANSWER_INVALID)));
    }

    @FunctionalInterface
    private interface Operation<T> {
        T with(StoreSettings settings) throws StoreFailure;
    }

    private <T> T attempt(ClientModel client, String id, Operation<T> operation) {
        StoreSettings settings = settings(client).orElseThrow();
        try {
            if (settings.url().isEmpty()) {
                throw new StoreFailure(Kind.STORE_NOT_SET);
            }
            return operation.with(settings);
        } catch (StoreFailure failure) {
            // The text of a cause may have been written by the store, its class was not.
            LOG.warnf(
                    "consent store %s: %s%s (realm %s, client %s, consent %s)",
                    settings.url().map(URI::toString).orElse("none"),
                    failure.kind().code(),
                    failure.getCause() == null
                            ? ""
                            : ", " + failure.getCause().getClass().getSimpleName(),
                    realm.getName(),
                    client.getClientId(),
                    id);
            LOG.debug("failed call of a consent store", failure);
            throw new ConsentsUnavailable(failure.kind().code());
        }
    }
}
