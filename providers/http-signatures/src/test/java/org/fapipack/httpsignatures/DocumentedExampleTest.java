package org.fapipack.httpsignatures;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.fapipack.httpsignatures.jose.JoseMessageSigner;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.fapipack.httpsignatures.jose.JwkSets;
import org.junit.jupiter.api.Test;

/** The example of {@code docs/http-signatures.md}: runs, and is what the page shows. */
class DocumentedExampleTest {

    private static final Path ROOT = Path.of("../..");

    /** Spaces that a line of the test has more than the page's. */
    private static final int INDENTATION = 8;

    @Test
    void runs() throws Exception {
        JWK clientKey = JWK.parse(Exchange.jwk(Exchange.CLIENT_KEY));
        JWK serverKey = JWK.parse(Exchange.jwk(Exchange.SERVER_KEY));
        String clientJwks = new JWKSet(clientKey).toString();
        String serverJwks = new JWKSet(serverKey).toString();
        String accessToken = "at-1";
        String proof = "proof";

        // example
        // The client signs its request, after everything that changes it.
        HttpMessage request = HttpMessage.request("POST", "https://api.bank.example/payments")
                .field("Authorization", "DPoP " + accessToken)
                .field("DPoP", proof)
                .field("Content-Type", "application/json")
                .content("{\"amount\":\"12.50\"}".getBytes(UTF_8))
                .build();
        RequestSigner requestSigner = new RequestSigner(JoseMessageSigner.of(clientKey), Clock.systemUTC());
        HttpMessage sentRequest = request.with(requestSigner.sign(request).fields());

        // The resource server verifies it with the keys of the client that the access token belongs to.
        RequestVerifier requestVerifier =
                new RequestVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), Clock.systemUTC());
        Verification verification = requestVerifier.verify(sentRequest, JwkSets.parse(clientJwks));
        if (verification instanceof Verification.Refused refused) {
            throw new IllegalStateException(refused.reason().status() + " " + refused.challenge("DPoP"));
        }

        // It signs its answer, which names the request it answers.
        HttpMessage response = HttpMessage.response(201, sentRequest)
                .field("Content-Type", "application/json")
                .content("{\"status\":\"ACCP\"}".getBytes(UTF_8))
                .build();
        ResponseSigner responseSigner = new ResponseSigner(JoseMessageSigner.of(serverKey), Clock.systemUTC());
        HttpMessage sentResponse = response.with(responseSigner.sign(response).fields());

        // The client verifies the answer together with its own request, as sent, and keeps the evidence.
        ResponseVerifier responseVerifier =
                new ResponseVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), Clock.systemUTC());
        Verification answer = responseVerifier.verify(sentResponse, JwkSets.parse(serverJwks));
        // end of example

        assertThat(answer.isAccepted()).isTrue();
    }

    @Test
    void isWhatThePageShows() throws Exception {
        String source =
                Files.readString(Path.of("src/test/java/org/fapipack/httpsignatures/DocumentedExampleTest.java"));
        String example =
                between(source, "// example\n", "        // end of example").indent(-INDENTATION);
        String page = Files.readString(ROOT.resolve("docs/http-signatures.md"));

        assertThat(between(page, "<!-- example -->\n```java\n", "```")).isEqualTo(example);
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
