package org.fapipack.core.par;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushedFormRulesTest {

    private final PushedFormRules rules = new PushedFormRules(1000, 10, name -> name.equals("state") ? 100 : 50);

    private final Map<String, List<String>> form = new LinkedHashMap<>();

    PushedFormRulesTest() {
        send("client_id", "app");
    }

    @Test
    void aPlainFormHasNoDefect() {
        send("scope", "openid");
        assertThat(defect()).isEmpty();
    }

    @Test
    void clientIdIsRequiredAndTheClients() {
        form.remove("client_id");
        assertThat(reason()).contains("client_id_missing");
        send("client_id", "other");
        assertThat(reason()).contains("client_id_not_client");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_id", "scope", "client_assertion", "request", "resource", "unheard_of"})
    void nothingIsSaidTwice(String name) {
        form.remove(name);
        send(name, "a");
        send(name, "a");
        assertThat(reason()).contains("parameter_repeated");
        assertThat(defect().orElseThrow().description()).startsWith(name);
    }

    @Test
    void aParameterMayBeAsLongAsItsLimit() {
        send("state", "s".repeat(100));
        assertThat(defect()).isEmpty();
        form.remove("state");
        send("state", "s".repeat(101));
        assertThat(reason()).contains("parameter_too_long");
        assertThat(defect().orElseThrow().description()).isEqualTo("state may have at most 100 characters");
    }

    @Test
    void theWholeMayBeAsLargeAsItsLimit() {
        send("client_assertion", "a".repeat(1000 - "client_idapp".length() - "client_assertion".length()));
        assertThat(defect()).isEmpty();
        send("x", "");
        assertThat(reason()).contains("request_too_large");
        assertThat(defect().orElseThrow().tooLarge()).isTrue();
    }

    @Test
    void thereMayBeAsManyParametersAsTheLimit() {
        for (int i = form.size(); i < 10; i++) {
            send("p" + i, "");
        }
        assertThat(defect()).isEmpty();
        send("p11", "");
        assertThat(reason()).contains("too_many_parameters");
    }

    @Test
    void besideARequestObjectOnlyTheClientCounts() {
        send("request", requestObject("{\"scope\":\"openid\"}"));
        send("client_assertion", "a.b.c");
        send("client_assertion_type", "jwt-bearer");
        send("dpop_jkt", "thumbprint");
        assertThat(defect()).isEmpty();
        send("state", "s");
        assertThat(reason()).contains("parameter_beside_request_object");
    }

    @Test
    void membersOfARequestObjectHaveTheSameLimits() {
        send("request", requestObject("{\"state\":\"" + "s".repeat(100) + "\"}"));
        assertThat(defect()).isEmpty();
        form.remove("request");
        send("request", requestObject("{\"state\":\"" + "s".repeat(101) + "\"}"));
        assertThat(defect().orElseThrow().description()).isEqualTo("state may have at most 100 characters");
        form.remove("request");
        send("request", requestObject("{\"details\":[\"" + "d".repeat(50) + "\"]}"));
        assertThat(reason()).contains("parameter_too_long");
    }

    @Test
    void aRequestObjectMayHaveAsManyMembersAsTheLimit() {
        send(
                "request",
                requestObject("{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1}"));
        assertThat(defect()).isEmpty();
        form.remove("request");
        send(
                "request",
                requestObject(
                        "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1}"));
        assertThat(reason()).contains("too_many_parameters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>",
                "näme",
                "a b",
                "a\"b",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void aStrangeNameIsNotEchoed(String name) {
        send(name, "1");
        send(name, "2");
        assertThat(defect().orElseThrow().description()).isEqualTo("a parameter must not be sent more than once");
    }

    private void send(String name, String value) {
        form.computeIfAbsent(name, unseen -> new ArrayList<>()).add(value);
    }

    private static String requestObject(String claims) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString("{\"alg\":\"PS256\"}".getBytes(UTF_8)) + '.'
                + base64.encodeToString(claims.getBytes(UTF_8)) + ".c2ln";
    }

    private Optional<PushedFormDefect> defect() {
        return rules.firstDefect(form, "app");
    }

    private Optional<String> reason() {
        return defect().map(PushedFormDefect::reason);
    }
}
