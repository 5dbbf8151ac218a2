package org.fapipack.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExchangeTest {

    private static Exchange answer(int status, String contentType, String body) {
        return new Exchange(
                "POST",
                URI.create("https://as.example.test/token"),
                Headers.none(),
                Form.of("client_assertion", "secret"),
                "client_assertion=secret",
                status,
                Map.of("content-type", List.of(contentType)),
                body,
                Duration.ofMillis(5));
    }

    @Test
    void readsMediaTypeAndErrorWithoutRegardToCase() {
        Exchange exchange = answer(400, "Application/JSON; charset=utf-8", "{\"error\":\"invalid_grant\"}");

        assertThat(exchange.header("Content-Type")).hasValue("Application/JSON; charset=utf-8");
        assertThat(exchange.mediaType()).isEqualTo("application/json");
        assertThat(exchange.error()).hasValue("invalid_grant");
        assertThat(exchange.errorDescription()).isEmpty();
    }

    @Test
    void saysWhatItExpectedAndGotButNoSecret() {
        Exchange refusal =
                answer(400, "application/json", "{\"error\":\"invalid_grant\",\"error_description\":\"late\"}");

        assertThatThrownBy(() -> refusal.expect(200))
                .isInstanceOf(UnexpectedAnswer.class)
                .hasMessage("expected status 200, got: POST https://as.example.test/token -> 400 invalid_grant (late)");
        assertThatThrownBy(() -> answer(200, "text/html", "<html>token</html>").json())
                .isInstanceOf(UnexpectedAnswer.class)
                .hasMessageNotContaining("token</html>");
    }
}
