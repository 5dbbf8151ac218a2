package org.fapipack.consent.remote;

import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.CHECK_TOKENS;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.CLIENT_CERTIFICATE;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.CONNECT_TIMEOUT;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.CUSTOMER_ATTRIBUTE;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.FAILURES_TO_PAUSE;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.HERE;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.KEPT_AT;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.MAX_ANSWER_BYTES;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.NEVER;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.NOTICE_ISSUER;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.NOTICE_KEYS;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.PAUSE;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.PRIVATE_ADDRESSES;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.STORE_AUDIENCE;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.STORE_URL;
import static org.fapipack.consent.remote.ConsentStoreExecutorFactory.TIMEOUT;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.fapipack.consent.ConsentSource.TokenCheck;
import org.fapipack.consent.remote.ConsentStoreExecutor.Configuration;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.executor.RulesInForce;
import org.keycloak.models.UserModel;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;

/** Says where the consents of a client are kept, or who judges new ones; acts on no event. */
final class ConsentStoreExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS = Set.of();

    private static final int MAX_PORT = 65_535;

    /** The settings; see {@link ConsentStoreExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(ConsentStoreExecutorFactory.ID, ConsentStoreExecutorFactory.SETTINGS);
        }

        @Override
        protected Optional<String> contradiction() {
            if (!get(STORE_URL).isEmpty() && !isAddress(URI.create(get(STORE_URL)))) {
                return Optional.of("the URL of the store has no valid host or port");
            }
            if (isKeptHere() && get(STORE_URL).isEmpty()) {
                return Optional.of("a store that judges new consents needs its URL");
            }
            if (isKeptHere() && hasMoreThanJudgesNeed()) {
                return Optional.of("a store that only judges new consents knows no customers, tokens or notices");
            }
            return !get(NOTICE_ISSUER).isEmpty()
                            && get(NOTICE_KEYS).path("keys").isEmpty()
                    ? Optional.of("notices of an issuer need its keys")
                    : Optional.empty();
        }

        StoreSettings settings() {
            Optional<URI> url =
                    Optional.of(get(STORE_URL)).filter(text -> !text.isEmpty()).map(URI::create);
            return new StoreSettings(
                    isKeptHere(),
                    url,
                    orElse(get(STORE_AUDIENCE), get(STORE_URL)),
                    get(CLIENT_CERTIFICATE),
                    get(PRIVATE_ADDRESSES),
                    Duration.ofSeconds(get(CONNECT_TIMEOUT)),
                    Duration.ofSeconds(get(TIMEOUT)),
                    get(MAX_ANSWER_BYTES),
                    get(FAILURES_TO_PAUSE),
                    Duration.ofSeconds(get(PAUSE)),
                    orElse(get(CUSTOMER_ATTRIBUTE), UserModel.USERNAME),
                    switch (get(CHECK_TOKENS)) {
                        case "issue" -> TokenCheck.ISSUE;
                        case "use" -> TokenCheck.USE;
                        default -> TokenCheck.NEVER;
                    },
                    get(NOTICE_ISSUER),
                    get(NOTICE_KEYS));
        }

        private boolean isKeptHere() {
            return get(KEPT_AT).equals(HERE);
        }

        private boolean hasMoreThanJudgesNeed() {
            return !get(CHECK_TOKENS).equals(NEVER)
                    || !get(CUSTOMER_ATTRIBUTE).isEmpty()
                    || !get(NOTICE_ISSUER).isEmpty();
        }

        private static boolean isAddress(URI url) {
            return url.getHost() != null && url.getPort() != 0 && url.getPort() <= MAX_PORT;
        }

        private static String orElse(String text, String other) {
            return text.isEmpty() ? other : text;
        }
    }

    ConsentStoreExecutor() {
        super(ConsentStoreExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
    }

    @Override
    protected void contribute(RulesInForce question, Configuration settings) {
        question.add(StoreSettings.class, question.made(StoreSettings.class, settings, Configuration::settings));
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) {
        // see above
    }
}
