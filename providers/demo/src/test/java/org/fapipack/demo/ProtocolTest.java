package org.fapipack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.Test;

class ProtocolTest {

    private static final String JWT = JwtDraft.empty()
            .claim("iss", "client")
            .signedBy(SigningKey.generate(JWSAlgorithm.ES256).withKeyId("k"))
            .compact();

    private static String told(Exchange exchange) {
        return String.join(
                "\n",
                new Protocol(Style.PLAIN, Instant.EPOCH)
                        .exchange("client", "Keycloak", exchange)
                        .lines());
    }

    private static Exchange exchange(Headers headers, Form form, Map<String, List<String>> answer, String body) {
        return new Exchange(
                "POST",
                URI.create("https://localhost:8443/token"),
                headers,
                form,
                form.encode(),
                200,
                answer,
                body,
                Duration.ZERO);
    }

    @Test
    void decodesJwtsAndNeverPrintsThemWhole() {
        String text = told(exchange(
                Headers.of("Authorization", "DPoP " + JWT).add("DPoP", JWT).add("X-Other", "hidden"),
                Form.of("request", JWT, "token", JWT, "code", "0123456789"),
                Map.of("content-type", List.of("application/json")),
                "{\"access_token\":\"" + JWT + "\",\"refresh_token\":\"" + JWT + "\",\"expires_in\":300}"));

        assertThat(text)
                .contains(
                        "client -> Keycloak  POST /token",
                        "{ \"alg\": \"ES256\", \"kid\": \"k\" }",
                        "\"iss\": \"client\"")
                .contains("Keycloak -> client  200 OK", "expires_in")
                .doesNotContain(JWT, JWT.substring(JWT.lastIndexOf('.') + 1), "0123456789", "hidden");
    }

    @Test
    void showsOnlyWhatThePersonTypedIntoAPage() {
        String text = told(exchange(
                Headers.none(),
                Form.of("execution", "internal", "session_code", "internal", "username", "alice", "password", "secret"),
                Map.of("location", List.of("https://client.example.test/callback?response=" + JWT)),
                ""));

        assertThat(text)
                .contains("alice", "https://client.example.test/callback", "eyJ")
                .doesNotContain("internal", "secret", JWT);
    }

    @Test
    void showsHowMessagesAreSigned() {
        String text = told(exchange(
                Headers.of("Signature-Input", "sig1=(\"@method\");tag=\"fapi-2-request\"")
                        .add("Signature", "sig1=:" + "A".repeat(86) + "==:"),
                Form.empty(),
                Map.of("signature-input", List.of("sig1=(\"@status\");tag=\"fapi-2-response\"")),
                ""));

        assertThat(text)
                .contains("sig1=(\"@method\");tag=\"fapi-2-request\"", "sig1=(\"@status\");tag=\"fapi-2-response\"")
                .contains("Signature:")
                .doesNotContain("A".repeat(86));
    }

    @Test
    void decodesASignedAnswer() {
        String text = told(exchange(
                Headers.of("Accept", "application/token-introspection+jwt"),
                Form.empty(),
                Map.of("content-type", List.of("application/token-introspection+jwt")),
                JWT));

        assertThat(text).contains("Accept:", "\"iss\": \"client\"").doesNotContain(JWT);
    }
}
