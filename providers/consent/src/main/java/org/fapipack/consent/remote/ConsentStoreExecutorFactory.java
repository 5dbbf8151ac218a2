package org.fapipack.consent.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.Setting;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;
import org.keycloak.util.JsonSerialization;

/** Factory of {@link ConsentStoreExecutor}. */
public final class ConsentStoreExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-consent-store";

    private static final Logger LOG = Logger.getLogger(ConsentStoreExecutorFactory.class);

    private static final Pattern URL = Pattern.compile(
            "https://([A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*");
    private static final Pattern WORD = Pattern.compile("[\\x21-\\x7E]{1,255}");

    static final String HERE = "here";

    static final String NEVER = "never";

    static final Setting<String> KEPT_AT = Setting.choice(
            "kept-at",
            "Where consents are kept",
            "At the 'store': clients lodge them there. Or 'here': clients lodge them at this server, which asks the store whether it accepts a "
                    + "consent before it is made, and asks and tells it nothing else.",
            List.of("store", HERE),
            "store");

    static final Setting<String> STORE_URL = Setting.text(
            "store-url",
            "URL of the consent store",
            "Where your system that keeps or judges the consents answers, as docs/openapi/consent-store.yaml describes: https, without a slash at the "
                    + "end, without query. As long as it is empty, clients under this policy have no consents.",
            URL);

    static final Setting<String> STORE_AUDIENCE = Setting.text(
            "store-audience",
            "Audience of calls",
            "What the signed JWT of each call to the store has in 'aud'. Empty: the URL of the store.",
            WORD);

    static final Setting<Boolean> CLIENT_CERTIFICATE = Setting.flag(
            "client-certificate",
            "Show a client certificate",
            "Calls the store with the certificate that the server's options have for it; without such an option no call is made. Calls are "
                    + "signed in any case.",
            false);

    static final Setting<Boolean> PRIVATE_ADDRESSES = Setting.flag(
            "private-addresses",
            "Private addresses",
            "Lets the name of the store lead to a private or loopback address. Without it, only to addresses of the internet.",
            false);

    static final Setting<Integer> CONNECT_TIMEOUT = Setting.seconds(
            "connect-timeout-seconds", "Time to connect", "How long a connection to the store may take.", 1, 10, 2);

    static final Setting<Integer> TIMEOUT = Setting.seconds(
            "timeout-seconds",
            "Time to answer",
            "How long one call may take, from looking up the name to the last byte. A change whose answer is lost is sent once more.",
            1,
            30,
            5);

    static final Setting<Integer> MAX_ANSWER_BYTES = Setting.number(
            "max-answer-bytes",
            "Largest answer",
            "How many bytes an answer of the store may have.",
            1024,
            1_048_576,
            131_072);

    static final Setting<Integer> FAILURES_TO_PAUSE = Setting.number(
            "failures-to-pause",
            "Failures until a pause",
            "How many calls in a row have to fail until this node makes none for a while.",
            1,
            100,
            5);

    static final Setting<Integer> PAUSE = Setting.seconds(
            "pause-seconds",
            "Length of the pause",
            "How long no call is made then. After it, one call is a trial for the others.",
            1,
            600,
            30);

    static final Setting<String> CUSTOMER_ATTRIBUTE = Setting.text(
            "customer-attribute",
            "Attribute that names the customer",
            "Which attribute of a user is the name by which the store knows the customer. Empty: the username.",
            WORD);

    static final Setting<String> CHECK_TOKENS = Setting.choice(
            "check-tokens",
            "Ask for tokens, too",
            "When the store is asked besides the customer's decision: 'never'; at each 'issue' of tokens, from a code or a refresh token; at "
                    + "each 'use', too, where somebody asks whether a token is good. Then tokens are worth nothing while the store is down.",
            List.of(NEVER, "issue", "use"),
            NEVER);

    static final Setting<String> NOTICE_ISSUER = Setting.text(
            "notice-issuer",
            "Issuer of notices",
            "What notices of the store, that a consent changed, have in 'iss'. Empty: none are taken.",
            WORD);

    static final Setting<JsonNode> NOTICE_KEYS = Setting.document(
            "notice-keys",
            "Keys of notices",
            "The public keys that notices are signed with: a JWK set as text. Each key has 'kid', 'alg' (PS256, ES256 or EdDSA) and 'use' (sig). "
                    + "Two keys let you exchange one.",
            "{\"keys\":[]}",
            ConsentStoreExecutorFactory::parse);

    static final List<Setting<?>> SETTINGS = List.of(
            KEPT_AT,
            STORE_URL,
            STORE_AUDIENCE,
            CLIENT_CERTIFICATE,
            PRIVATE_ADDRESSES,
            CONNECT_TIMEOUT,
            TIMEOUT,
            MAX_ANSWER_BYTES,
            FAILURES_TO_PAUSE,
            PAUSE,
            CUSTOMER_ATTRIBUTE,
            CHECK_TOKENS,
            NOTICE_ISSUER,
            NOTICE_KEYS);

    public ConsentStoreExecutorFactory() {
        super(ID, ConsentStoreExecutor.EVENTS, """
                The consents of clients under this policy are kept by a system of yours, which is asked about each and told what the customer \
                decides; or they are kept here, and it judges new ones. Goes with fapi-consent, which describes the types of consent.""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new ConsentStoreExecutor();
    }

    private static Optional<JsonNode> parse(String json) {
        try {
            JsonNode keys = JsonSerialization.mapper.readTree(json);
            Optional<String> defect = NoticeKeys.defect(keys);
            defect.ifPresent(text -> LOG.warnf("Client policy executor %s, setting notice-keys: %s", ID, text));
            return Optional.of(keys).filter(valid -> defect.isEmpty());
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }
}
