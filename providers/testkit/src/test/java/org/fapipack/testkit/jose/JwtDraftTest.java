package org.fapipack.testkit.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JwtDraftTest {

    private static final SigningKey KEY = SigningKey.generate(JWSAlgorithm.ES256);

    @Test
    void aChangeLeavesTheEarlierDraftAlone() {
        JwtDraft draft = JwtDraft.empty().claim("exp", Instant.ofEpochSecond(7));

        JwtDraft changed = draft.withoutClaim("exp").claim("x", null);

        assertThat(draft.claims()).containsOnlyKeys("exp").containsEntry("exp", 7L);
        assertThat(changed.claims()).containsOnlyKeys("x");
    }

    @Test
    void noneHasAnEmptySignature() {
        String compact = JwtDraft.empty().claim("a", 1).signedBy(KEY).unsigned().compact();

        assertThat(compact).endsWith(".");
        assertThat(CompactJwt.parse(compact).header()).containsEntry("alg", "none");
    }

    @Test
    void sendsADuplicateMemberAsItIs() {
        CompactJwt jwt = CompactJwt.parse(
                JwtDraft.empty().payload("{\"a\":1,\"a\":2}").signedBy(KEY).compact());

        assertThat(jwt.payload()).isEqualTo("{\"a\":1,\"a\":2}");
        assertThat(jwt.isSignedBy(KEY.publicJwk(), JWSAlgorithm.ES256)).isTrue();
        assertThatThrownBy(jwt::claims).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theHeaderCanLie() {
        CompactJwt jwt = CompactJwt.parse(
                JwtDraft.empty().signedBy(KEY).header("alg", "EdDSA").compact());

        assertThat(jwt.header()).containsEntry("alg", "EdDSA");
        assertThat(jwt.isSignedBy(KEY.publicJwk(), JWSAlgorithm.ES256)).isTrue();
        assertThat(jwt.isSignedBy(KEY.publicJwk(), JWSAlgorithm.EdDSA)).isFalse();
    }

    @Test
    void aBrokenSignatureDoesNotVerify() {
        CompactJwt jwt = CompactJwt.parse(
                JwtDraft.empty().signedBy(KEY).withBrokenSignature().compact());

        assertThat(jwt.isSignedBy(KEY.publicJwk(), JWSAlgorithm.ES256)).isFalse();
    }

    @Test
    void refusesWhatIsNoCompactJwt() {
        assertThatThrownBy(() -> CompactJwt.parse("a.b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CompactJwt.parse("e30.e30.!")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CompactJwt.parse("W10.e30.")).isInstanceOf(IllegalArgumentException.class);
    }
}
