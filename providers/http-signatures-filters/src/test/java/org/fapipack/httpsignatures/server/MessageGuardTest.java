package org.fapipack.httpsignatures.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.ResponseSigner;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.fapipack.httpsignatures.kit.PlainKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageGuardTest {

    private final TestClock clock = new TestClock();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.example",
                "ftp://api.example",
                "https://api.example/",
                "https://api.example/bank/",
                "https://api.example?a",
                "https://api.example#a",
                "https://user@api.example",
                "https:///accounts"
            })
    void aPublicBaseUrlIsOneThatARequestTargetCanFollow(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> MessageGuard.at(url));
    }

    @Test
    void verificationIsNotSwitchedOffByForgettingIt() {
        MessageGuard.Builder settings = MessageGuard.at("https://api.example");

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(settings::build);
    }

    @Test
    void acceptedMeansThatAnUnsignedRequestPassesAndABadSignatureDoesNot() {
        MessageGuard guard = MessageGuard.at("https://api.example")
                .verifying(
                        new RequestVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), clock),
                        clientId -> VerificationKeys.of(List.of()))
                .signing(new ResponseSigner(new Signer(PlainKey.generate("rs", "ES256")), clock))
                .mode(Mode.ACCEPTED)
                .build();
        HttpMessage unsigned = HttpMessage.request("GET", "https://api.example/accounts")
                .field("Authorization", "Bearer token")
                .build();
        HttpMessage halfSigned =
                unsigned.toBuilder().field("Signature", "sig1=:AAAA:").build();

        assertThat(guard.decide(unsigned, Optional.empty())).isInstanceOf(Decision.Passed.class);
        assertThat(guard.refusalBeforeContent(unsigned, Optional.empty())).isEmpty();
        assertThat(guard.refusalBeforeContent(halfSigned, Optional.of("alice"))).isEmpty();
        assertThat(guard.refusalBeforeContent(halfSigned, Optional.empty())).isPresent();
        assertThat(guard.decide(halfSigned, Optional.of("alice"))).isInstanceOf(Decision.Refused.class);
        assertThat(guard.decide(
                        unsigned.toBuilder()
                                .field("Content-Digest", "sha-256=\u00e9")
                                .build(),
                        Optional.empty()))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(400));
        assertThat(guard.readiness().isReady()).isFalse();
        assertThat(guard.readiness().toJson()).contains("verified if signed");
    }
}
