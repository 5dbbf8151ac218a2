package org.fapipack.core.jose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactJwsTest {

    @Test
    void readsHeaderAndClaims() {
        CompactJws jws =
                CompactJws.read(jws("{\"alg\":\"PS256\"}", "{\"iss\":\"a\"}")).orElseThrow();
        assertThat(jws.header().path("alg").asText()).isEqualTo("PS256");
        assertThat(jws.claims().path("iss").asText()).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "a.b", "a.b.c.d", "a.b.c.d.e", "%.%.%", "e30.e30", "bnVsbA.e30.x", "e30.W10.x"})
    void anythingElseIsNotRead(String text) {
        assertThat(CompactJws.read(text)).isEmpty();
    }

    @Test
    void duplicateMembersAreNotRead() {
        assertThat(CompactJws.read(jws("{\"alg\":\"PS256\",\"alg\":\"none\"}", "{}")))
                .isEmpty();
        assertThat(CompactJws.read(jws("{}", "{\"iss\":\"a\",\"iss\":\"b\"}"))).isEmpty();
    }

    @Test
    void trailingTokensAreNotRead() {
        assertThat(CompactJws.read(jws("{}", "{}{}"))).isEmpty();
    }

    private static String jws(String header, String claims) {
        return encode(header) + '.' + encode(claims) + ".c2ln";
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
