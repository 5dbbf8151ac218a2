package org.fapipack.httpsignatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fapipack.httpsignatures.Exchange.CLIENT_KEY;
import static org.fapipack.httpsignatures.Exchange.NOW;
import static org.fapipack.httpsignatures.Exchange.clientKeys;
import static org.fapipack.httpsignatures.Exchange.input;
import static org.fapipack.httpsignatures.Exchange.reason;
import static org.fapipack.httpsignatures.Exchange.signed;
import static org.fapipack.httpsignatures.Exchange.unsigned;
import static org.fapipack.httpsignatures.Exchange.verifier;
import static org.fapipack.httpsignatures.Exchange.verify;
import static org.fapipack.httpsignatures.Exchange.withDigest;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the vectors do not reach: the last value accepted and the first refused, several signatures, policies. */
class RequestVerifierTest {

    @ParameterizedTest(name = "created {0} s back")
    @CsvSource({"70, true", "71, false", "-10, true", "-11, false"})
    void knowsTheWindow(int secondsBack, boolean accepted) {
        Verification verification = verifier(VerificationPolicy.STRICT, NOW.plusSeconds(secondsBack))
                .verify(signed(), clientKeys());

        assertThat(reason(verification)).isEqualTo(accepted ? null : RefusalReason.CREATED_OUT_OF_WINDOW);
    }

    @ParameterizedTest(name = "expires {0} s ahead")
    @CsvSource({"0, true", "-1, false"})
    void expiresIsTheLastSecond(int secondsAhead, boolean accepted) throws Exception {
        SignatureInput input = input("sig1")
                .created(NOW.minusSeconds(5))
                .expires(NOW.plusSeconds(secondsAhead))
                .build();

        assertThat(reason(verify(signed(withDigest(), input, CLIENT_KEY))))
                .isEqualTo(accepted ? null : RefusalReason.EXPIRED);
    }

    @Test
    void acceptsAnyInstantThatAnIntegerCanSayWithoutFailing() throws Exception {
        for (long created : new long[] {0, -1, 999_999_999_999_999L, -999_999_999_999_999L}) {
            SignatureInput input =
                    input("sig1").created(Instant.ofEpochSecond(created)).build();

            assertThat(reason(verify(signed(withDigest(), input, CLIENT_KEY))))
                    .isEqualTo(RefusalReason.CREATED_OUT_OF_WINDOW);
        }
    }

    @Test
    void refusesASecondDpopLine() {
        HttpMessage request = signed().with(List.of(new FieldLine("dpop", "another")));

        assertThat(reason(verify(request))).isEqualTo(RefusalReason.AUTHORIZATION_AMBIGUOUS);
    }

    @Test
    void refusesARequestWithoutAuthorization() throws Exception {
        HttpMessage request =
                HttpMessage.request("GET", "https://api.bank.example/accounts").build();
        SignatureInput covering = SignatureInput.builder("sig1")
                .cover(ComponentIdentifier.METHOD)
                .cover(ComponentIdentifier.TARGET_URI)
                .created(NOW)
                .keyId(CLIENT_KEY)
                .tag("fapi-2-request")
                .build();

        assertThat(reason(verify(signed(request, covering, CLIENT_KEY)))).isEqualTo(RefusalReason.COVERAGE_MISSING);
    }

    @Test
    void refusesASignatureThatIsOneOctetShortOrLong() {
        for (String octets : new String[] {"A".repeat(84), "A".repeat(88)}) {
            HttpMessage.Builder request = HttpMessage.request("POST", "https://api.bank.example/payments")
                    .content(Exchange.BODY);
            signed().fields()
                    .forEach(line -> request.field(
                            line.name(), line.name().equals("Signature") ? "sig1=:" + octets + ":" : line.value()));

            assertThat(reason(verify(request.build()))).isEqualTo(RefusalReason.SIGNATURE_INVALID);
        }
    }

    @Test
    void aVerifierThatThrowsCountsAsNo() {
        RequestVerifier verifier = new RequestVerifier(
                VerificationPolicy.STRICT,
                (key, algorithm, base, signature) -> {
                    throw new ArrayIndexOutOfBoundsException();
                },
                Exchange.clock(NOW));

        assertThat(reason(verifier.verify(signed(), clientKeys()))).isEqualTo(RefusalReason.SIGNATURE_INVALID);
    }

    @ParameterizedTest(name = "{0} signatures")
    @CsvSource({"16, true", "17, false"})
    void looksAtSixteenSignaturesAndNotAtSeventeen(int count, boolean accepted) throws Exception {
        HttpMessage request = signed();
        String more = IntStream.range(1, count).mapToObj(i -> "x" + i + "=()").collect(Collectors.joining(", "));
        String signatures = more.replace("()", ":AA==:");

        assertThat(reason(verify(request.with(
                        List.of(new FieldLine("Signature-Input", more), new FieldLine("Signature", signatures))))))
                .isEqualTo(accepted ? null : RefusalReason.LIMIT_EXCEEDED);
    }

    @ParameterizedTest(name = "{0} components")
    @CsvSource({"64, true", "65, false"})
    void looksAtSixtyFourComponentsAndNotAtSixtyFive(int count, boolean accepted) throws Exception {
        HttpMessage.Builder builder = withDigest().toBuilder();
        SignatureInput.Builder input = input("sig1");
        for (int i = 5; i < count; i++) {
            builder.field("x" + i, "1");
            input.cover(ComponentIdentifier.of("x" + i));
        }

        assertThat(reason(verify(signed(builder.build(), input.build(), CLIENT_KEY))))
                .isEqualTo(accepted ? null : RefusalReason.LIMIT_EXCEEDED);
    }

    @ParameterizedTest(name = "{0} characters")
    @CsvSource({"16384, true", "16385, false"})
    void readsSixteenKibibytesOfAFieldAndNotOneCharacterMore(int length, boolean accepted) throws Exception {
        SignatureInput without = input("sig1").nonce("").build();
        int fill = length - without.toString().length();
        SignatureInput input = input("sig1").nonce("n".repeat(fill)).build();
        assertThat(input.toString()).hasSize(length);

        assertThat(reason(verify(signed(withDigest(), input, CLIENT_KEY))))
                .isEqualTo(accepted ? null : RefusalReason.LIMIT_EXCEEDED);
    }

    @Test
    void everySignatureOfTheClientHasToBeRight() throws Exception {
        HttpMessage twice = withBadSecondSignature(CLIENT_KEY);

        assertThat(reason(verify(twice))).isEqualTo(RefusalReason.SIGNATURE_INVALID);
        assertThat(verifier(VerificationPolicy.STRICT.withOneSignatureSufficing(), NOW)
                        .verify(twice, clientKeys())
                        .isAccepted())
                .isTrue();
    }

    @Test
    void oneOfAStrangerIsLeftOut() throws Exception {
        assertThat(verify(withBadSecondSignature("no-such-key")).isAccepted()).isTrue();
    }

    @Test
    void whereNoneIsRightTheFirstReasonIsTold() throws Exception {
        HttpMessage changed = withBadSecondSignature(CLIENT_KEY).toBuilder()
                .content(new byte[] {1})
                .build();

        assertThat(reason(verifier(VerificationPolicy.STRICT.withOneSignatureSufficing(), NOW)
                        .verify(changed, clientKeys())))
                .isEqualTo(RefusalReason.DIGEST_MISMATCH);
    }

    @Test
    void aNonceIsGoodOnceForItsKeyAndMayBeForgottenAfterTheWindow() throws Exception {
        Map<String, Instant> store = new HashMap<>();
        RequestVerifier verifier = new RequestVerifier(
                VerificationPolicy.STRICT.withNonceRequired(),
                new JoseMessageVerifier(),
                Exchange.clock(NOW),
                (key, nonce, until) -> store.putIfAbsent(key + " " + nonce, until) == null);
        HttpMessage request = signed(withDigest(), input("sig1").nonce("n-1").build(), CLIENT_KEY);

        assertThat(verifier.verify(request, clientKeys()).isAccepted()).isTrue();
        assertThat(reason(verifier.verify(request, clientKeys()))).isEqualTo(RefusalReason.REPLAY);
        assertThat(reason(verifier.verify(signed(), clientKeys()))).isEqualTo(RefusalReason.NONCE_MISSING);
        assertThat(store.values()).containsExactly(NOW.plusSeconds(71));
    }

    @Test
    void aRefusedRequestDoesNotUseUpItsNonce() throws Exception {
        Set<String> used = new HashSet<>();
        RequestVerifier verifier = new RequestVerifier(
                VerificationPolicy.STRICT,
                new JoseMessageVerifier(),
                Exchange.clock(NOW),
                (key, nonce, until) -> used.add(nonce));
        HttpMessage request = signed(withDigest(), input("sig1").nonce("n-1").build(), CLIENT_KEY);

        verifier.verify(request.toBuilder().content(new byte[] {1}).build(), clientKeys());

        assertThat(verifier.verify(request, clientKeys()).isAccepted()).isTrue();
    }

    @Test
    void nonceRequiredWithoutAStoreIsAMistake() {
        assertThatThrownBy(() -> verifier(VerificationPolicy.STRICT.withNonceRequired(), NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPolicyIsMadeOfWholeSeconds() {
        assertThatThrownBy(() -> VerificationPolicy.STRICT.withWindow(Duration.ZERO, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VerificationPolicy.STRICT.withWindow(Duration.ofMillis(1500), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VerificationPolicy.STRICT.withWindow(Duration.ofSeconds(1), Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(RefusalReason.class)
    void everyReasonHasACodeAStatusAndACoarseDescription(RefusalReason reason) {
        assertThat(reason.code()).matches("[a-z_]+");
        assertThat(reason.status()).isEqualTo(reason == RefusalReason.AUTHORIZATION_AMBIGUOUS ? 400 : 401);
        assertThat(new Verification.Refused(reason, "detail").challenge("DPoP"))
                .matches(
                        "DPoP error=\"invalid_request\", error_description=\"(signature_missing|signature_invalid|authorization_ambiguous)\"");
    }

    @Test
    void evidenceSaysAllThatIsNeededLater() {
        Evidence evidence =
                ((Verification.Accepted) verify(signed())).evidence().get(0);

        assertThat(evidence.toMap())
                .containsKeys("verified_at", "algorithm", "key", "key_thumbprint", "signature_input", "signature")
                .containsEntry("signature_base", evidence.base().toString())
                .containsEntry("verified_at", "2026-01-01T00:00:00Z");
        assertThat(evidence.toMap().get("message"))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("method", "POST")
                .containsKey("content");
        assertThat(evidence.key().jwk()).doesNotContainKey("d");
    }

    private static HttpMessage withBadSecondSignature(String keyId) throws Exception {
        HttpMessage once = signed();
        SignatureInput second = input("sig2").keyId(keyId).build();
        return once.with(List.of(
                new FieldLine("Signature-Input", second.toString()),
                new FieldLine("Signature", "sig2=:" + "A".repeat(86) + "==:")));
    }

    @Test
    void unsignedIsRefused() {
        assertThat(reason(verify(unsigned().build()))).isEqualTo(RefusalReason.SIGNATURE_MISSING);
    }
}
