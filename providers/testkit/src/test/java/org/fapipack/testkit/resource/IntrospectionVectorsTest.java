package org.fapipack.testkit.resource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwkSets;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The shared vectors: each accepted and each refused response is a test of its own, named by its id. */
class IntrospectionVectorsTest {

    private static final String ISSUER = "https://as.example.com/realms/fapi";
    private static final String RESOURCE_SERVER = "https://rs.example.com/resource";
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1767225600), ZoneOffset.UTC);

    private static final Map<String, Object> VECTORS = read();

    @TestFactory
    Stream<DynamicTest> accepts() {
        return cases("accept")
                .map(vector -> DynamicTest.dynamicTest((String) vector.get("id"), () -> {
                    TokenIntrospection result = verify(vector);

                    Map<String, Object> expected =
                            Json.object(Json.object(vector.get("jws_payload")).get("token_introspection"));
                    assertThat(result.active()).isEqualTo(expected.get("active"));
                    assertThat(result.members()).isEqualTo(result.active() ? expected : Map.of());
                }));
    }

    @TestFactory
    Stream<DynamicTest> refuses() {
        return cases("reject")
                .map(vector -> DynamicTest.dynamicTest((String) vector.get("id"), () -> {
                    if (vector.get("reason").equals("inactive")) {
                        // Well signed; what must not happen is that anything but active=false is read from it.
                        TokenIntrospection result = verify(vector);
                        assertThat(result.active()).isFalse();
                        assertThat(result.members()).isEmpty();
                    } else {
                        assertThatThrownBy(() -> verify(vector))
                                .asInstanceOf(type(IntrospectionRejection.class))
                                .extracting(rejection -> rejection.reason().code())
                                .isEqualTo(vector.get("reason"));
                    }
                }));
    }

    @Test
    void decodesTheExampleOfTheRfc() {
        Map<String, Object> example = Json.object(VECTORS.get("rfc_example"));

        CompactJwt jwt = CompactJwt.parse((String) example.get("compact"));

        assertThat(jwt.header()).isEqualTo(example.get("header"));
        assertThat(jwt.claims()).isEqualTo(example.get("payload"));
    }

    private static TokenIntrospection verify(Map<String, Object> vector) {
        Map<String, Object> metadata = Json.object(vector.get("rs_metadata"));
        IntrospectionResponseVerifier verifier = IntrospectionResponseVerifier.signed(
                ISSUER,
                RESOURCE_SERVER,
                JWSAlgorithm.parse((String) metadata.get("introspection_signed_response_alg")),
                () -> keys("as_keys").toPublicJWKSet(),
                CLOCK);
        if (metadata.get("introspection_encrypted_response_alg") instanceof String algorithm) {
            String method = (String) metadata.getOrDefault("introspection_encrypted_response_enc", "A128CBC-HS256");
            JWK key = keys("rs_encryption_keys").getKeys().stream()
                    .filter(candidate -> candidate.getAlgorithm().getName().equals(algorithm))
                    .findFirst()
                    .orElseThrow();
            verifier = verifier.encrypted(JWEAlgorithm.parse(algorithm), EncryptionMethod.parse(method), key);
        }
        return verifier.verify(200, (String) vector.get("content_type"), (String) vector.get("body"));
    }

    private static Stream<Map<String, Object>> cases(String kind) {
        return Json.objects((List<?>) VECTORS.get(kind)).stream();
    }

    private static JWKSet keys(String name) {
        return JwkSets.parse(Json.write(Map.of("keys", VECTORS.get(name))));
    }

    private static Map<String, Object> read() {
        try (InputStream in = IntrospectionVectorsTest.class.getResourceAsStream("/vectors/rfc9701-responses.json")) {
            return Json.object(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
