package org.fapipack.httpsignatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fapipack.httpsignatures.Exchange.BODY;
import static org.fapipack.httpsignatures.Exchange.CLIENT_KEY;
import static org.fapipack.httpsignatures.Exchange.NOW;
import static org.fapipack.httpsignatures.Exchange.SERVER_KEY;
import static org.fapipack.httpsignatures.Exchange.jwk;
import static org.fapipack.httpsignatures.Exchange.reason;
import static org.fapipack.httpsignatures.Exchange.signed;
import static org.fapipack.httpsignatures.Exchange.signer;
import static org.fapipack.httpsignatures.Exchange.unsigned;
import static org.fapipack.httpsignatures.Exchange.verify;

import java.time.Duration;
import java.util.List;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What signers cover and say, and what they refuse to sign. */
class SigningTest {

    private static final RequestSigner REQUESTS = new RequestSigner(signer(CLIENT_KEY), Exchange.clock(NOW));
    private static final ResponseSigner RESPONSES = new ResponseSigner(signer(SERVER_KEY), Exchange.clock(NOW));

    @Test
    void coversWhatTheProfileDemandsAndWhatIsWorthIt() throws Exception {
        assertThat(REQUESTS.sign(unsigned().build()).input())
                .hasToString(
                        "sig1=(\"@method\" \"@target-uri\" \"authorization\" \"dpop\" \"content-digest\" \"content-type\");"
                                + "created=1767225600;keyid=\"test-key-ed25519\";tag=\"fapi-2-request\"");
    }

    @Test
    void coversNeitherDpopNorDigestWhereThereIsNone() throws Exception {
        HttpMessage request = HttpMessage.request("GET", "https://api.bank.example/accounts")
                .field("Authorization", "Bearer at-1")
                .build();

        assertThat(REQUESTS.sign(request).input().signatureParams())
                .startsWith("(\"@method\" \"@target-uri\" \"authorization\");");
        assertThat(REQUESTS.sign(request).fields()).hasSize(2);
        assertThat(verify(signed(request)).isAccepted()).isTrue();
    }

    @Test
    void saysNonceAndExpiresWhenToldTo() throws Exception {
        RequestSigner signer = REQUESTS.withNonces(() -> "n-1").expiringAfter(Duration.ofSeconds(30));

        assertThat(signer.sign(unsigned().build()).input().signatureParams())
                .endsWith(
                        "created=1767225600;expires=1767225630;nonce=\"n-1\";keyid=\"test-key-ed25519\";tag=\"fapi-2-request\"");
    }

    @Test
    void takesALabelThatIsFree() throws Exception {
        HttpMessage proxied = unsigned()
                .field("Signature-Input", "sig1=();tag=\"other\"")
                .field("Signature", "sig1=:AA==:")
                .build();

        assertThat(REQUESTS.sign(proxied).input().label()).isEqualTo("sig1-2");
        assertThat(verify(signed(proxied)).isAccepted()).isTrue();
    }

    @Test
    void doesNotSignAWrongDigest() {
        HttpMessage request = unsigned()
                .field("Content-Digest", "sha-256=:" + "A".repeat(43) + "=:")
                .build();

        assertThatThrownBy(() -> REQUESTS.sign(request))
                .isInstanceOfSatisfying(
                        HttpSignatureException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.DIGEST_MISMATCH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "DPoP"})
    void doesNotSignTwoLinesOfWhatIsNoList(String field) {
        HttpMessage request = unsigned().field(field, "another").build();

        assertThatThrownBy(() -> REQUESTS.sign(request))
                .isInstanceOfSatisfying(
                        HttpSignatureException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.AUTHORIZATION_AMBIGUOUS));
    }

    @Test
    void doesNotSignARequestWithoutToken() {
        HttpMessage request =
                HttpMessage.request("GET", "https://api.bank.example/").build();

        assertThatThrownBy(() -> REQUESTS.sign(request))
                .isInstanceOfSatisfying(
                        HttpSignatureException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.BASE_ERROR));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/payments",
                "ftp://api.bank.example/",
                "https://",
                "https://user@api.bank.example/",
                "https://api.bank.example/#part",
                "https://api.bank.example/a b",
                "https://api.bank.example/\u00e9",
                "https://api.bank.example/\r\nx: y"
            })
    void doesNotSignAnAmbiguousTargetUri(String uri) {
        HttpMessage request = HttpMessage.request("GET", uri)
                .field("Authorization", "Bearer at-1")
                .build();

        assertThatThrownBy(() -> REQUESTS.sign(request))
                .isInstanceOfSatisfying(
                        HttpSignatureException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.BASE_ERROR));
    }

    @Test
    void bindsTheResponseToAllThatTheRequestSigned() throws Exception {
        MessageSignature signature = RESPONSES.sign(response(signed()));

        assertThat(signature.input().signatureParams())
                .startsWith(
                        "(\"@status\" \"content-digest\" \"content-type\" \"@method\";req \"@target-uri\";req \"content-digest\";req"
                                + " \"authorization\";req \"dpop\";req \"content-type\";req \"signature\";req \"signature-input\";req);");
    }

    @Test
    void theClientVerifiesTheResponseWithTheRequestAsSent() throws Exception {
        HttpMessage response = response(signed());
        HttpMessage received = response.with(RESPONSES.sign(response).fields());

        assertThat(verifyResponse(received).isAccepted()).isTrue();
    }

    @Test
    void aResponseToAnotherTokenIsRefused() throws Exception {
        HttpMessage response = response(signed());
        HttpMessage other =
                signed(unsigned().field("x-fapi-interaction-id", "2").build());
        HttpMessage received = HttpMessage.response(201, other)
                .field("Content-Type", "application/json")
                .content(BODY)
                .build()
                .with(RESPONSES.sign(response).fields());

        assertThat(reason(verifyResponse(received))).isEqualTo(RefusalReason.SIGNATURE_INVALID);
    }

    @Test
    void aResponseToAnUnsignedRequestIsBoundToMethodAndTarget() throws Exception {
        HttpMessage response = response(unsigned().build());
        HttpMessage received = response.with(RESPONSES.sign(response).fields());

        assertThat(verifyResponse(received).isAccepted()).isTrue();
        assertThat(RESPONSES.sign(response).input().signatureParams())
                .startsWith("(\"@status\" \"content-digest\" \"content-type\" \"@method\";req \"@target-uri\";req);");
    }

    @Test
    void grantsAWishThatContainsTheMinimum() throws Exception {
        String wish =
                "(\"@status\" \"content-digest\" \"@target-uri\";req \"@method\";req);created;expires;nonce=\"n-1\";"
                        + "keyid=\"rs-key-ed25519\";alg=\"ed25519\";tag=\"fapi-2-response\"";
        HttpMessage response =
                response(unsigned().field("Accept-Signature", "mine=" + wish).build());

        MessageSignature signature = RESPONSES.sign(response);

        assertThat(signature.input())
                .hasToString(
                        "mine=(\"@status\" \"content-digest\" \"@target-uri\";req \"@method\";req);created=1767225600;"
                                + "expires=1767225660;nonce=\"n-1\";alg=\"ed25519\";keyid=\"rs-key-ed25519\";tag=\"fapi-2-response\"");
        assertThat(verifyResponse(response.with(signature.fields())).isAccepted())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(\"@status\");created",
                "(\"@status\" \"content-digest\" \"@method\";req \"@target-uri\";req);keyid=\"another\"",
                "(\"@status\" \"content-digest\" \"@method\";req \"@target-uri\";req);tag=\"other\"",
                "(\"@status\" \"content-digest\" \"@method\";req \"@target-uri\";req);alg=\"hmac-sha256\"",
                "(\"@status\" \"content-digest\" \"@method\";req \"@target-uri\";req);created=1",
                "(\"@status\" \"content-digest\" \"@method\";req \"@target-uri\";req);unknown",
                "(\"@status\" \"content-digest\" \"@method\";req \"@target-uri\";req \"x-absent\")",
                "(\"@status\" \"content-digest\" \"@method\" \"@target-uri\")",
                "(token)",
                "\"string\"",
                "(",
            })
    void leavesAnyOtherWishUnheard(String wish) throws Exception {
        HttpMessage response =
                response(unsigned().field("Accept-Signature", "mine=" + wish).build());

        assertThat(RESPONSES.sign(response).input().label()).isEqualTo("sig1");
    }

    @Test
    void tellsHowTheNextRequestHasToBeSigned() {
        assertThat(AcceptSignature.forNext(unsigned().build()))
                .hasToString("sig1=(\"@method\" \"@target-uri\" \"authorization\" \"dpop\" \"content-digest\");created;"
                        + "tag=\"fapi-2-request\"");
        assertThat(AcceptSignature.forNext(HttpMessage.request("GET", "https://api.bank.example/")
                        .field("Authorization", "Bearer at-1")
                        .build()))
                .hasToString("sig1=(\"@method\" \"@target-uri\" \"authorization\");created;tag=\"fapi-2-request\"");
    }

    @Test
    void readsItsOwnWish() throws Exception {
        AcceptSignature wish = AcceptSignature.forNext(unsigned().build());
        HttpMessage refusal = HttpMessage.response(401)
                .field("Accept-Signature", wish.toString())
                .build();

        assertThat(AcceptSignature.of(refusal))
                .singleElement()
                .satisfies(read -> assertThat(read.components()).isEqualTo(wish.components()))
                .hasToString(wish.toString());
    }

    @Test
    void aResponseNeedsItsRequest() {
        HttpMessage alone = HttpMessage.response(200).build();

        assertThatThrownBy(() -> RESPONSES.sign(alone)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> verifyResponse(alone)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> verify(alone)).isInstanceOf(IllegalArgumentException.class);
    }

    private static HttpMessage response(HttpMessage request) {
        return HttpMessage.response(201, request)
                .field("Content-Type", "application/json")
                .content(BODY)
                .build();
    }

    private static Verification verifyResponse(HttpMessage response) {
        return new ResponseVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), Exchange.clock(NOW))
                .verify(response, VerificationKeys.ofJwks(List.of(jwk(SERVER_KEY))));
    }
}
