package org.fapipack.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import org.fapipack.httpsignatures.Evidence;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.RequestSigner;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.ResponseSigner;
import org.fapipack.httpsignatures.ResponseVerifier;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageSigner;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.fapipack.httpsignatures.server.EvidenceFolder;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceFilesTest {

    private static final SigningKey CLIENT = SigningKey.generate(JWSAlgorithm.ES256);
    private static final SigningKey API = SigningKey.generate(JWSAlgorithm.ES256);
    private static final String TOKEN = "DPoP the.access.token";

    @TempDir
    private Path parent;

    private EvidenceFiles evidence;
    private HttpMessage request;
    private Path requestFile;
    private Path answerFile;

    @BeforeEach
    void keepRequestAndAnswer() throws Exception {
        evidence = EvidenceFiles.startedAt(parent.resolve("evidence"));
        HttpMessage unsigned = HttpMessage.request("GET", "https://api.example/accounts")
                .field("Authorization", TOKEN)
                .field("DPoP", "the.proof")
                .build();
        request = unsigned.with(new RequestSigner(JoseMessageSigner.of(CLIENT.privateJwk()), Clock.systemUTC())
                .sign(unsigned)
                .fields());
        Evidence asked = SignedCalls.accepted(
                new RequestVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), Clock.systemUTC())
                        .verify(request, keys(CLIENT)));
        requestFile = new EvidenceFolder(evidence.requests(), Json::write).keep(asked);
        HttpMessage answer = HttpMessage.response(200, request)
                .field("Content-Type", "application/json")
                .content("{\"balance\":\"1204.50\"}".getBytes(UTF_8))
                .build();
        HttpMessage signed = answer.with(new ResponseSigner(JoseMessageSigner.of(API.privateJwk()), Clock.systemUTC())
                .sign(answer)
                .fields());
        answerFile = evidence.keep(
                SignedCalls.accepted(
                        new ResponseVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), Clock.systemUTC())
                                .verify(signed, keys(API))),
                Headers.of("Authorization", TOKEN).add("DPoP", "the.proof").add("Accept", "application/json"));
    }

    private static VerificationKeys keys(SigningKey key) {
        return VerificationKeys.ofJwks(List.of(key.publicJwk().toJSONObject()));
    }

    @Test
    void allIsVerifiedAgainFromTheFilesAlone() {
        List<EvidenceFiles.Verified> again = new EvidenceFiles(evidence.folder()).verify();

        assertThat(again)
                .extracting(EvidenceFiles.Verified::what)
                .containsExactly("request GET https://api.example/accounts", "200 to GET https://api.example/accounts");
        assertThat(again).allMatch(EvidenceFiles.Verified::passed);
        assertThat(again)
                .extracting(EvidenceFiles.Verified::signer)
                .containsExactly(CLIENT.thumbprint(), API.thumbprint());
    }

    @Test
    void theRequestIsFoundByItsSignature() {
        assertThat(evidence.requestWith(request.values("Signature").get(0))).isEqualTo(requestFile);
        assertThatThrownBy(() -> evidence.requestWith("sig1=:AAAA:")).isInstanceOf(Steps.Mismatch.class);
    }

    @Test
    void aFileThatWasChangedIsRefused() throws IOException {
        Files.writeString(requestFile, Files.readString(requestFile).replace("api.example", "other.example"));
        Files.writeString(answerFile, "{}");

        assertThat(evidence.verify())
                .extracting(EvidenceFiles.Verified::problem)
                .containsExactly("signature_invalid", "message is missing");
    }

    @Test
    void withoutTheTokensItSaysWhatIsMissing() throws IOException {
        Files.delete(evidence.folder().resolve("tokens.txt"));

        assertThat(evidence.verify())
                .extracting(EvidenceFiles.Verified::problem)
                .containsOnly("signature_invalid, tokens.txt lacks a value it has a hash of");
    }

    @Test
    void onlyTheOwnerMayReadAndOnlyOneFileHasTokens() throws IOException {
        Path tokens = evidence.folder().resolve("tokens.txt");

        assertThat(Files.readString(tokens)).isEqualTo(TOKEN + "\nthe.proof\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tokens)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(evidence.folder())))
                .isEqualTo("rwx------");
        assertThat(Files.readString(requestFile) + Files.readString(answerFile))
                .doesNotContain("the.access.token", "the.proof");
    }

    @Test
    void aNewRunBeginsWithoutThoseFiles() {
        assertThat(EvidenceFiles.startedAt(evidence.folder()).verify()).isEmpty();
    }
}
