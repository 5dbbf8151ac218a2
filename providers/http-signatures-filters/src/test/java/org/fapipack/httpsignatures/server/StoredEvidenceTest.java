package org.fapipack.httpsignatures.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fapipack.httpsignatures.ContentDigester;
import org.fapipack.httpsignatures.DigestAlgorithm;
import org.fapipack.httpsignatures.Evidence;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.RefusalReason;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.ResponseSigner;
import org.fapipack.httpsignatures.ResponseVerifier;
import org.fapipack.httpsignatures.Verification;
import org.fapipack.httpsignatures.VerificationKey;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.fapipack.httpsignatures.kit.PlainKey;
import org.fapipack.httpsignatures.kit.RequestDraft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredEvidenceTest {

    private static final List<String> SECRETS = List.of("DPoP the-token", "the-proof", "one that is not needed");
    private static final byte[] PAYMENT = "{\"amount\":\"12.50\"}".getBytes(UTF_8);

    private final TestClock clock = new TestClock();
    private final PlainKey client = PlainKey.generate("k1", "ES256");
    private final PlainKey bank = PlainKey.generate("bank", "EdDSA");

    @TempDir
    private Path folder;

    @Test
    void aRequestIsVerifiedAgainFromItsFile() throws Exception {
        StoredEvidence stored = read(keep(ofRequest()));

        assertThat(stored.missingValues()).hasSize(2).allMatch(hash -> hash.startsWith("sha-256=:"));
        assertThat(verify(stored)).isEqualTo(Optional.of(RefusalReason.SIGNATURE_INVALID));
        assertThat(verify(stored.withValues(SECRETS))).isEmpty();
        assertThat(stored.withValues(SECRETS).missingValues()).isEmpty();
        assertThat(stored.verifiedAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(stored.keyThumbprint()).isEqualTo(thumbprint(client));
        assertThat(stored.message().targetUri()).contains("https://api.example/payments");
    }

    @Test
    void anAnswerIsVerifiedAgainWithItsRequest() throws Exception {
        StoredEvidence stored = read(keep(ofAnswer()));

        assertThat(stored.missingValues()).hasSize(2);
        assertThat(verify(stored.withValues(SECRETS))).isEmpty();
        assertThat(stored.keyThumbprint()).isEqualTo(thumbprint(bank));
        assertThat(stored.message().status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"method\":\"POST\"', '\"method\":\"PUT\"', SIGNATURE_INVALID",
        "api.example/payments\", api.example/refunds\", SIGNATURE_INVALID",
        "'created=1767225600', 'created=1767225601', SIGNATURE_INVALID",
        "2026-01-01T00:00:00Z, 2026-01-01T00:01:11Z, CREATED_OUT_OF_WINDOW",
        "'\"key_id\":\"k1\"', '\"key_id\":\"k2\"', KEY_UNKNOWN",
        "'\"algorithm\":\"ES256\"', '\"algorithm\":\"PS256\"', ALGORITHM_MISMATCH"
    })
    void whatWasChangedInAFileIsRefused(String kept, String changed, RefusalReason reason) throws Exception {
        String file = Files.readString(keep(ofRequest())).replace("\\/", "/");
        assertThat(file).contains(kept);

        assertThat(verify(of(file.replace(kept, changed)).withValues(SECRETS))).contains(reason);
    }

    @Test
    void changedContentIsRefusedAndSoIsContentThatIsGone() throws Exception {
        String file = Files.readString(keep(ofRequest())).replace("\\/", "/");
        String content = Base64.getEncoder().encodeToString(PAYMENT);
        assertThat(file).contains(content);
        String more = Base64.getEncoder().encodeToString("{\"amount\":\"99.50\"}".getBytes(UTF_8));

        assertThat(verify(of(file.replace(content, more)).withValues(SECRETS))).contains(RefusalReason.DIGEST_MISMATCH);
        assertThat(verify(of(file.replace("\"content\":", "\"gone\":")).withValues(SECRETS)))
                .contains(RefusalReason.DIGEST_ALGORITHM);
    }

    /** The message is right; what stands beside it has to be of it. */
    @ParameterizedTest
    @ValueSource(strings = {"signature", "signature_input", "signature_base", "key_thumbprint"})
    void whatStandsBesideTheMessageHasToBeOfIt(String member) throws Exception {
        Map<String, Object> file = JSONObjectUtils.parse(Files.readString(keep(ofRequest())));
        file.put(member, "another");

        assertThat(verify(StoredEvidence.of(file).withValues(SECRETS))).contains(RefusalReason.SIGNATURE_INVALID);
    }

    @Test
    void aKeyThatWasPutInItsPlaceIsRefused() throws Exception {
        Map<String, Object> file = JSONObjectUtils.parse(Files.readString(keep(ofRequest())));
        file.put("key", PlainKey.generate("k1", "ES256").jwk());

        assertThat(verify(StoredEvidence.of(file).withValues(SECRETS))).contains(RefusalReason.SIGNATURE_INVALID);
    }

    @Test
    void anAnswerThatWasPutToAnotherRequestIsRefused() throws Exception {
        String file = Files.readString(keep(ofAnswer())).replace("\\/", "/");

        assertThat(verify(of(file.replace("api.example/payments\"", "api.example/refunds\""))
                        .withValues(SECRETS)))
                .contains(RefusalReason.SIGNATURE_INVALID);
    }

    @Test
    void contentThatTheFiltersDidNotKeepCountsAsChanged() throws Exception {
        ContentDigester digester = new ContentDigester(Set.of(DigestAlgorithm.SHA_256), PAYMENT.length);
        digester.reading(new ByteArrayInputStream(PAYMENT)).readAllBytes();
        HttpMessage digested = request().toBuilder().content(digester.content()).build();
        StoredEvidence stored = read(keep(evidence(digested)));

        assertThat(verify(stored.withValues(SECRETS))).contains(RefusalReason.DIGEST_ALGORITHM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"message", "key", "algorithm", "verified_at", "key_thumbprint"})
    void aFileWithoutOneOfItsPartsIsNoEvidence(String part) throws Exception {
        Map<String, Object> file = JSONObjectUtils.parse(Files.readString(keep(ofRequest())));
        file.remove(part);
        StoredEvidence stored = StoredEvidence.of(file).withValues(SECRETS);

        if (part.equals("key_thumbprint")) {
            assertThat(verify(stored)).contains(RefusalReason.SIGNATURE_INVALID);
            assertThatThrownBy(stored::keyThumbprint)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("key_thumbprint is missing");
        } else {
            assertThatThrownBy(() -> verify(stored))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(part + " is missing");
        }
    }

    private HttpMessage request() {
        RequestDraft draft = RequestDraft.of("POST", "https://api.example/payments")
                .header("Authorization", "DPoP the-token")
                .header("DPoP", "the-proof")
                .body(PAYMENT);
        HttpMessage.Builder request =
                HttpMessage.request(draft.method(), draft.targetUri()).content(PAYMENT);
        draft.signed(client, clock.instant()).forEach(line -> request.field(line.getKey(), line.getValue()));
        return request.build();
    }

    private Evidence ofRequest() {
        return evidence(request());
    }

    private Evidence evidence(HttpMessage request) {
        return accepted(new RequestVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), clock)
                .verify(request, VerificationKeys.ofJwks(List.of(client.jwk()))));
    }

    private Evidence ofAnswer() throws Exception {
        HttpMessage answer = HttpMessage.response(201, request())
                .field("Content-Type", "application/json")
                .content("{\"status\":\"ACCP\"}".getBytes(UTF_8))
                .build();
        HttpMessage signed = answer.with(
                new ResponseSigner(new Signer(bank), clock).sign(answer).fields());
        return accepted(new ResponseVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), clock)
                .verify(signed, VerificationKeys.ofJwks(List.of(bank.jwk()))));
    }

    private static Evidence accepted(Verification verification) {
        assertThat(verification).isInstanceOf(Verification.Accepted.class);
        return ((Verification.Accepted) verification).evidence().get(0);
    }

    private Path keep(Evidence evidence) throws Exception {
        return new EvidenceFolder(folder.resolve("evidence"), JSONObjectUtils::toJSONString).keep(evidence);
    }

    private static StoredEvidence read(Path file) throws Exception {
        return of(Files.readString(file));
    }

    private static StoredEvidence of(String file) throws ParseException {
        return StoredEvidence.of(JSONObjectUtils.parse(file));
    }

    /** Empty when it is accepted. */
    private static Optional<RefusalReason> verify(StoredEvidence stored) {
        return stored.verify(VerificationPolicy.STRICT, new JoseMessageVerifier())
                        instanceof Verification.Refused refused
                ? Optional.of(refused.reason())
                : Optional.empty();
    }

    private static String thumbprint(PlainKey key) {
        return VerificationKey.ofJwk(key.jwk()).orElseThrow().thumbprint();
    }
}
