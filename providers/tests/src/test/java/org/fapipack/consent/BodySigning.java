package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwtDraft;

/** A client where bodies are signed: what it signs, and what it believes. */
record BodySigning(FapiClient client, Map<String, Object> rules, URI address) {

    /** Empty where bodies are plain. */
    static Optional<BodySigning> of(EcosystemRealm realm, FapiClient client, Ecosystem.Kind kind) {
        return kind.signedBodies().map(rules -> new BodySigning(client, rules, realm.uri(kind.path())));
    }

    private boolean isDetached() {
        return rules.get("form").equals("detached");
    }

    private String text(String rule) {
        return (String) rules.get(rule);
    }

    /** A claim of a JWT, or what stands for it in the JOSE header of a detached signature. */
    JwtDraft with(JwtDraft draft, String claim, Object value) {
        return isDetached() ? draft.header(text("prefix") + claim, value) : draft.claim(claim, value);
    }

    JwtDraft without(JwtDraft draft, String claim) {
        return isDetached() ? draft.withoutHeader(text("prefix") + claim) : draft.withoutClaim(claim);
    }

    /** A correct signature of a JSON body, to be sent or to be spoilt. */
    JwtDraft draft(String body) {
        JwtDraft signed = client.clientAssertion();
        if (isDetached()) {
            JwtDraft draft = signed.payload(body).header("typ", "JOSE").header("cty", "application/json");
            draft = with(draft, "iat", Instant.now().getEpochSecond());
            draft = with(draft, "iss", client.clientId());
            draft = with(draft, "tan", text("trust-anchor"));
            return draft.header("crit", critical());
        }
        JwtDraft draft = signed.withoutClaim("sub")
                .withoutClaim("exp")
                .withoutClaim("nbf")
                .header("typ", "JWT")
                .claim("aud", address.toString());
        for (Map.Entry<String, Object> member : Json.object(body).entrySet()) {
            draft = draft.claim(member.getKey(), member.getValue());
        }
        return draft;
    }

    private List<String> critical() {
        return List.of(text("prefix") + "iat", text("prefix") + "iss", text("prefix") + "tan");
    }

    /** The headers that go with a signature. */
    Headers headers(String compact) {
        return isDetached()
                ? Headers.of("Content-Type", "application/json").add(text("header"), withoutPayload(compact))
                : Headers.of("Content-Type", "application/jwt");
    }

    private static String withoutPayload(String compact) {
        return compact.indexOf('.') < 0
                ? compact
                : compact.substring(0, compact.indexOf('.') + 1) + compact.substring(compact.lastIndexOf('.'));
    }

    /** The body that goes with it. */
    String body(String compact, String json) {
        return isDetached() ? json : compact;
    }

    /** The answer with its body as JSON, if it is signed by the realm where it has to be. */
    Exchange opened(Exchange answer) {
        if (!((List<?>) rules.get("signed")).contains((long) answer.status())) {
            assertThat(answer.mediaType()).as(answer.toString()).isIn("", "application/json");
            return answer;
        }
        CompactJwt signed = isDetached() ? detached(answer) : jwt(answer);
        assertThat(signed.isSignedBy(
                        client.issuerKeys()
                                .getKeyByKeyId(signed.headerText("kid").orElseThrow()),
                        JWSAlgorithm.PS256))
                .isTrue();
        assertThat(signed.header()).containsEntry("alg", "PS256");
        return answer.withBody(signed.payload());
    }

    private CompactJwt jwt(Exchange answer) {
        assertThat(answer.mediaType()).as(answer.body()).isEqualTo("application/jwt");
        CompactJwt jwt = CompactJwt.parse(answer.body());
        assertThat(jwt.header()).containsEntry("typ", "JWT");
        assertThat(jwt.claims())
                .containsEntry("iss", client.issuer())
                .containsEntry("aud", client.clientId())
                .hasEntrySatisfying(
                        "iat",
                        iat -> assertThat((Long) iat)
                                .isLessThanOrEqualTo(Instant.now().getEpochSecond() + 60))
                .hasEntrySatisfying(
                        "jti",
                        jti -> assertThat(UUID.fromString((String) jti).version())
                                .isEqualTo(4));
        return jwt;
    }

    private CompactJwt detached(Exchange answer) {
        assertThat(answer.mediaType()).as(answer.body()).isEqualTo("application/json");
        String signature = answer.header(text("header")).orElseThrow();
        CompactJwt jws = CompactJwt.parse(signature.replace(
                "..",
                '.'
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(answer.body().getBytes(StandardCharsets.UTF_8))
                        + '.'));
        assertThat(jws.header())
                .containsEntry("crit", critical())
                .containsEntry(text("prefix") + "iss", client.issuer())
                .containsEntry(text("prefix") + "tan", text("trust-anchor"))
                .containsKey(text("prefix") + "iat");
        return jws;
    }
}
