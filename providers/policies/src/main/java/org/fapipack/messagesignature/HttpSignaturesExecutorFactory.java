package org.fapipack.messagesignature;

import java.util.List;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.Setting;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link HttpSignaturesExecutor}. */
public final class HttpSignaturesExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-http-signatures";

    static final Setting<String> REQUESTS = Setting.choice(
            "requests",
            "Signed requests",
            "'off' does not look at signatures, 'accepted' lets unsigned requests pass and refuses one whose signature is wrong, 'required' "
                    + "refuses unsigned ones as well.",
            HttpSignatureRules.Use.names(),
            HttpSignatureRules.Use.ACCEPTED.key());

    static final Setting<String> RESPONSES = Setting.choice(
            "responses",
            "Signed responses",
            "'off' signs no response, 'accepted' the responses to requests that are signed or have Accept-Signature, 'required' all.",
            HttpSignatureRules.Use.names(),
            HttpSignatureRules.Use.ACCEPTED.key());

    static final Setting<List<String>> ALLOWED_ALGORITHMS = Setting.choices(
            "allowed-algorithms",
            "Signature algorithms of requests",
            "Algorithms that the keys of a client may have.",
            FapiAlgorithms.SIGNATURE);

    static final Setting<String> RESPONSE_ALGORITHM = Setting.choice(
            "response-algorithm",
            "Signature algorithm of responses",
            "Responses are signed with the realm's active key for this algorithm.",
            FapiAlgorithms.SIGNATURE,
            FapiAlgorithms.DEFAULT_SIGNATURE);

    static final Setting<Integer> MAX_AGE_SECONDS = Setting.seconds(
            "max-age-seconds",
            "Oldest signature",
            "How far the created of a request's signature may lie back, besides the clock skew.",
            5,
            300,
            60);

    static final Setting<Integer> CLOCK_SKEW_SECONDS = Setting.seconds(
            "clock-skew-seconds", "Clock skew", "How far the client's clock may be ahead or behind.", 10, 60, 10);

    static final List<Setting<?>> SETTINGS =
            List.of(REQUESTS, RESPONSES, ALLOWED_ALGORITHMS, RESPONSE_ALGORITHM, MAX_AGE_SECONDS, CLOCK_SKEW_SECONDS);

    public HttpSignaturesExecutorFactory() {
        super(ID, HttpSignaturesExecutor.EVENTS, """
                Verifies HTTP message signatures of requests to userinfo and to the consent API with the keys that the client registered, and \
                signs the responses with keys of the realm (RFC 9421, FAPI 2.0 Http Signatures draft 01; experimental).""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new HttpSignaturesExecutor();
    }
}
