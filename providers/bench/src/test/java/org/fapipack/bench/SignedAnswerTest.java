package org.fapipack.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.resource.IntrospectionResponseVerifier;
import org.junit.jupiter.api.Test;

class SignedAnswerTest {

    private static final String ISSUER = "https://localhost/realms/bench";
    private static final SigningKey KEY = SigningKey.generate(JWSAlgorithm.ES256);

    private final SignedAnswer check = new SignedAnswer(
            "app",
            IntrospectionResponseVerifier.signed(
                    ISSUER, "accounts-api", JWSAlgorithm.ES256, () -> new JWKSet(KEY.publicJwk()), Clock.systemUTC()));

    private static JwtDraft draft(boolean active, String clientId) {
        return JwtDraft.empty()
                .header("typ", "token-introspection+jwt")
                .claim("iss", ISSUER)
                .claim("aud", "accounts-api")
                .claim("iat", Clock.systemUTC().instant().getEpochSecond())
                .claim("token_introspection", Map.of("active", active, "client_id", clientId));
    }

    private static HttpResponse<String> answer(int status, String contentType, String body) {
        return new Answer(status, contentType, body);
    }

    private static HttpResponse<String> jwt(JwtDraft draft) {
        return answer(200, "application/token-introspection+jwt", draft.compact());
    }

    @Test
    void acceptsASignedDescriptionOfAnActiveToken() {
        HttpResponse<String> right = jwt(draft(true, "app").signedBy(KEY));

        assertThatCode(() -> check.glance(right)).doesNotThrowAnyException();
        assertThatCode(() -> check.verify(right)).doesNotThrowAnyException();
    }

    @Test
    void seesAWrongSignature() {
        HttpResponse<String> broken = jwt(draft(true, "app").signedBy(KEY).withBrokenSignature());

        assertThatThrownBy(() -> check.verify(broken))
                .isInstanceOf(WrongAnswer.class)
                .hasMessageContaining("does not verify");
    }

    @Test
    void seesAnInactiveTokenAtAGlance() {
        HttpResponse<String> inactive = jwt(draft(false, "app").signedBy(KEY));

        assertThatThrownBy(() -> check.glance(inactive)).isInstanceOf(WrongAnswer.class);
        assertThatThrownBy(() -> check.verify(inactive)).isInstanceOf(WrongAnswer.class);
    }

    @Test
    void seesAnotherClientsToken() {
        HttpResponse<String> other = jwt(draft(true, "other").signedBy(KEY));

        assertThatThrownBy(() -> check.verify(other)).isInstanceOf(WrongAnswer.class);
    }

    @Test
    void takesNeitherPlainJsonNorAnError() {
        String jws = draft(true, "app").signedBy(KEY).compact();

        assertThatThrownBy(() -> check.glance(answer(200, "application/json", "{\"active\":true}")))
                .isInstanceOf(WrongAnswer.class);
        assertThatThrownBy(() -> check.glance(answer(500, "application/token-introspection+jwt", jws)))
                .isInstanceOf(WrongAnswer.class);
        assertThatThrownBy(() -> check.glance(answer(200, "application/token-introspection+jwt", "a.b")))
                .isInstanceOf(WrongAnswer.class);
    }

    private record Answer(int statusCode, String contentType, String body) implements HttpResponse<String> {

        @Override
        public HttpHeaders headers() {
            return HttpHeaders.of(Map.of("content-type", List.of(contentType)), (name, value) -> true);
        }

        @Override
        public HttpRequest request() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<HttpResponse<String>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return URI.create(ISSUER);
        }

        @Override
        public HttpClient.Version version() {
            return HttpClient.Version.HTTP_1_1;
        }
    }
}
