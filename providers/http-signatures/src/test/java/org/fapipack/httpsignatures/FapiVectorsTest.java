package org.fapipack.httpsignatures;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.fapipack.httpsignatures.Vectors.Case;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All messages of {@code fapi-http-signatures.json}: 15 to accept, 90 to refuse, each with its reason. */
class FapiVectorsTest {

    private static final String FILE = "fapi-http-signatures.json";

    /** Of a nonce, only the first use is good. */
    private final Set<String> nonces = new HashSet<>();

    static Stream<Case> accepted() {
        return Vectors.cases(FILE, "accept");
    }

    static Stream<Case> refused() {
        return Vectors.cases(FILE, "reject");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    void accepts(Case vector) {
        Verification verification = verify(vector);

        assertThat(verification).isInstanceOf(Verification.Accepted.class);
        Evidence evidence = ((Verification.Accepted) verification).evidence().get(0);
        assertThat(evidence.base()).hasToString(vector.text("signature_base"));
        assertThat(evidence.input().label()).isEqualTo(vector.text("label"));
        assertThat(evidence.key().keyId()).contains(vector.text("keyid"));
        assertThat(evidence.algorithm().joseName()).isEqualTo(vector.text("jose_alg"));
        assertThat(evidence.verifiedAt()).isEqualTo(Instant.ofEpochSecond(vector.number("verify_at")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refuses(Case vector) {
        if (vector.has("precondition")) {
            assertThat(verify(vector).isAccepted()).isTrue();
        }

        Verification verification = verify(vector);

        assertThat(verification).isInstanceOf(Verification.Refused.class);
        Verification.Refused refused = (Verification.Refused) verification;
        Case expected = vector.object("expected");
        assertThat(refused.reason().code()).isEqualTo(expected.text("reason"));
        if (expected.has("status")) {
            assertThat(refused.reason().status()).isEqualTo((int) expected.number("status"));
            assertThat(refused.challenge("DPoP"))
                    .isEqualTo("DPoP error=\"invalid_request\", error_description=\"%s\""
                            .formatted(description(expected.text("reason"))));
        }
    }

    /** What the sender learns of a reason. */
    private static String description(String reason) {
        return Set.of("signature_missing", "authorization_ambiguous").contains(reason) ? reason : "signature_invalid";
    }

    @Test
    void thereAreAsManyCasesAsTheFileIsSaidToHave() {
        assertThat(accepted()).hasSize(15);
        assertThat(refused()).hasSize(90);
    }

    private Verification verify(Case vector) {
        Clock clock = Clock.fixed(Instant.ofEpochSecond(vector.number("verify_at")), ZoneOffset.UTC);
        HttpMessage message = vector.message("message");
        return message.isRequest()
                ? new RequestVerifier(
                                VerificationPolicy.STRICT,
                                new JoseMessageVerifier(),
                                clock,
                                (key, nonce, until) -> nonces.add(key + nonce))
                        .verify(message, keys("client"))
                : new ResponseVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), clock)
                        .verify(message, keys("resource_server"));
    }

    private static VerificationKeys keys(String owner) {
        return VerificationKeys.ofJwks(Vectors.file(FILE).object("keys").objects(owner).stream()
                .map(Case::json)
                .toList());
    }
}
