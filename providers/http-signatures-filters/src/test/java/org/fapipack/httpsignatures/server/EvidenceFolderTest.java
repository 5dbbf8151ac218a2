package org.fapipack.httpsignatures.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fapipack.httpsignatures.Evidence;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.ResponseSigner;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.fapipack.httpsignatures.kit.PlainKey;
import org.fapipack.httpsignatures.kit.RequestDraft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceFolderTest {

    private static final String AUTHORIZATION = "DPoP the-token";

    private final TestClock clock = new TestClock();
    private final PlainKey client = PlainKey.generate("k1", "ES256");

    @TempDir
    private Path parent;

    @Test
    void whatIsKeptProvesTheRequestToWhoeverHasTheToken() throws Exception {
        Map<String, Object> kept = JSONObjectUtils.parse(Files.readString(keep()));

        String base = ((String) kept.get("signature_base"))
                .replace(hash(AUTHORIZATION), AUTHORIZATION)
                .replace(hash("the-proof"), "the-proof");
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(client.publicKey());
        signature.update(base.getBytes(US_ASCII));
        assertThat(signature.verify(Base64.getDecoder().decode((String) kept.get("signature"))))
                .isTrue();
        assertThat(base).contains("\"authorization\": DPoP the-token\n").contains("\"dpop\": the-proof\n");
        assertThat(kept)
                .containsEntry("verified_at", "2026-01-01T00:00:00Z")
                .containsKeys("key", "key_thumbprint", "message");
    }

    @Test
    void neitherTokenNorProofNorCookieIsKeptInClear() throws Exception {
        assertThat(Files.readString(keep()))
                .doesNotContain("the-token")
                .doesNotContain("the-proof")
                .doesNotContain("the-session")
                .contains("/payments");
    }

    @Test
    void onlyTheOwnerMayRead() throws Exception {
        Path file = keep();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    private Path keep() throws Exception {
        List<Evidence> proofs = new ArrayList<>();
        MessageGuard guard = MessageGuard.at("https://api.example")
                .verifying(
                        new RequestVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), clock),
                        clientId -> VerificationKeys.ofJwks(List.of(client.jwk())))
                .signing(new ResponseSigner(new Signer(client), clock))
                .keeping(proofs::add)
                .build();
        RequestDraft draft = RequestDraft.of("POST", "https://api.example/payments")
                .header("Authorization", AUTHORIZATION)
                .header("DPoP", "the-proof")
                .header("Cookie", "the-session")
                .body("{}".getBytes(UTF_8));
        HttpMessage.Builder request =
                HttpMessage.request(draft.method(), draft.targetUri()).content(draft.body());
        draft.signed(client, clock.instant()).forEach(line -> request.field(line.getKey(), line.getValue()));
        assertThat(guard.decide(request.build(), Optional.of("client"))).isInstanceOf(Decision.Passed.class);
        return new EvidenceFolder(parent.resolve("evidence"), JSONObjectUtils::toJSONString).keep(proofs.get(0));
    }

    private static String hash(String value) {
        return RequestDraft.sha256(value.getBytes(US_ASCII));
    }
}
