package org.fapipack.testkit.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.tls.TestPki;
import org.fapipack.testkit.tls.TlsIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessGuardTest {

    private static final String ISSUER = "https://as.example.test/realms/fapi";
    private static final URI RESOURCE = URI.create("https://localhost:8443/accounts");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SigningKey DPOP_KEY = SigningKey.generate(JWSAlgorithm.ES256);
    private static final TlsIdentity CERTIFICATE = TestPki.selfSigned("CN=client");
    private static final String TOKEN = "header.payload.signature";

    private final Map<String, Object> token = new LinkedHashMap<>(Map.of(
            "iss", ISSUER, "aud", "accounts-api", "scope", "openid accounts", "exp", NOW.getEpochSecond() + 300));

    private boolean active = true;

    private final AccessGuard guard = new AccessGuard(
            ISSUER,
            "accounts-api",
            "accounts",
            accessToken -> TokenIntrospection.of(active, token, "", Map.of(), Map.of()),
            Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void admitsATokenBoundToTheDpopKey() {
        bindToDpopKey();

        assertThat(guard.admit(withProof(proof())).active()).isTrue();
    }

    @Test
    void admitsATokenBoundToTheCertificate() {
        bindToCertificate();

        assertThat(guard.admit(withCertificate(CERTIFICATE.certificate())).active())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-70, 0, 10})
    void admitsAProofInsideItsTimeWindow(long offsetSeconds) {
        bindToDpopKey();

        assertThat(guard.admit(withProof(proof().claim("iat", NOW.plusSeconds(offsetSeconds))))
                        .active())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-71, 11})
    void refusesAProofOutsideItsTimeWindow(long offsetSeconds) {
        bindToDpopKey();

        assertRefused(withProof(proof().claim("iat", NOW.plusSeconds(offsetSeconds))), 401, "invalid_dpop_proof");
    }

    @Test
    void refusesAProofThatWasUsedBefore() {
        bindToDpopKey();
        AccessGuard.Request request = withProof(proof());
        guard.admit(request);

        assertRefused(request, 401, "invalid_dpop_proof");
    }

    @Test
    void aRefusedProofDoesNotUseUpItsId() {
        bindToDpopKey();
        assertRefused(withProof(proof().claim("jti", "one").claim("htm", "POST")), 401, "invalid_dpop_proof");

        assertThat(guard.admit(withProof(proof().claim("jti", "one"))).active()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jti", "htm", "htu", "iat", "ath"})
    void refusesAProofWithoutOneOfItsClaims(String claim) {
        bindToDpopKey();

        assertRefused(withProof(proof().withoutClaim(claim)), 401, "invalid_dpop_proof");
    }

    @Test
    void refusesAProofForAnotherMethodAddressOrToken() {
        bindToDpopKey();

        assertRefused(withProof(proof().claim("htm", "POST")), 401, "invalid_dpop_proof");
        assertRefused(withProof(proof().claim("htu", RESOURCE + "/4711")), 401, "invalid_dpop_proof");
        assertRefused(withProof(proof().claim("ath", FapiClient.accessTokenHash("other"))), 401, "invalid_dpop_proof");
    }

    @Test
    void ignoresTheQueryInTheAddressOfAProof() {
        bindToDpopKey();

        assertThat(guard.admit(withProof(proof().claim("htu", RESOURCE + "?page=1")))
                        .active())
                .isTrue();
    }

    @Test
    void refusesAProofThatIsWronglyMade() {
        bindToDpopKey();
        SigningKey other = SigningKey.generate(JWSAlgorithm.ES256);

        assertRefused(withProof(proof().header("typ", "JWT")), 401, "invalid_dpop_proof");
        assertRefused(withProof(proof().unsigned()), 401, "invalid_dpop_proof");
        assertRefused(withProof(proof().withBrokenSignature()), 401, "invalid_dpop_proof");
        assertRefused(withProof(proof().withoutHeader("jwk")), 401, "invalid_dpop_proof");
        assertRefused(withProof(proof().secretlySignedBy(other)), 401, "invalid_dpop_proof");
        assertRefused(
                withProof(proof().secretlySignedBy(other).header("jwk", other.barePublicJwk())),
                401,
                "invalid_dpop_proof");
        assertRefused(
                withProof(proof().header("jwk", DPOP_KEY.privateJwk().toJSONObject())), 401, "invalid_dpop_proof");
        assertRefused(withProof(proof().header("crit", List.of("x"))), 401, "invalid_dpop_proof");
    }

    @Test
    void refusesNoProofAndTwoProofs() {
        bindToDpopKey();

        assertRefused(request(Headers.of("Authorization", "DPoP " + TOKEN)), 401, "invalid_dpop_proof");
        assertRefused(
                request(Headers.of("Authorization", "DPoP " + TOKEN)
                        .add("DPoP", proof().compact())
                        .add("DPoP", proof().compact())),
                401,
                "invalid_dpop_proof");
    }

    @Test
    void refusesADpopTokenThatIsUsedAsABearerToken() {
        bindToDpopKey();

        assertRefused(
                request(Headers.of("Authorization", "Bearer " + TOKEN).add("DPoP", proof().compact())),
                401,
                "invalid_token");
    }

    @Test
    void refusesAnUnboundToken() {
        assertRefused(request(Headers.of("Authorization", "Bearer " + TOKEN)), 401, "invalid_token");
        assertRefused(withProof(proof()), 401, "invalid_token");
    }

    @Test
    void refusesAnotherCertificateAndNone() {
        bindToCertificate();

        assertRefused(withCertificate(TestPki.selfSigned("CN=client").certificate()), 401, "invalid_token");
        assertRefused(request(Headers.of("Authorization", "Bearer " + TOKEN)), 401, "invalid_token");
    }

    @Test
    void refusesATokenThatIsNotActive() {
        bindToDpopKey();
        active = false;

        assertRefused(withProof(proof()), 401, "invalid_token");
    }

    @Test
    void aTokenIsOverInTheSecondOfItsExpiry() {
        bindToDpopKey();
        token.put("exp", NOW.getEpochSecond() + 1);
        assertThat(guard.admit(withProof(proof())).active()).isTrue();

        token.put("exp", NOW.getEpochSecond());
        assertRefused(withProof(proof()), 401, "invalid_token");
        token.remove("exp");
        assertRefused(withProof(proof()), 401, "invalid_token");
    }

    @Test
    void aTokenIsNotValidBeforeItsTime() {
        bindToDpopKey();
        token.put("nbf", NOW.getEpochSecond());
        assertThat(guard.admit(withProof(proof())).active()).isTrue();

        token.put("nbf", NOW.getEpochSecond() + 1);
        assertRefused(withProof(proof()), 401, "invalid_token");
    }

    @Test
    void refusesATokenForAnotherResourceServerOrFromAnotherIssuer() {
        bindToDpopKey();
        token.put("aud", "payments-api");
        assertRefused(withProof(proof()), 401, "invalid_token");

        token.put("aud", "accounts-api");
        token.put("iss", "https://other.example.test");
        assertRefused(withProof(proof()), 401, "invalid_token");
    }

    @Test
    void refusesATokenWithoutTheScope() {
        bindToDpopKey();
        token.put("scope", "openid accounts:read");

        assertRefused(withProof(proof()), 403, "insufficient_scope");
    }

    @Test
    void asksForATokenWhereThereIsNone() {
        assertRefused(request(Headers.none()), 401, "");
        assertRefused(request(Headers.of("Authorization", "Basic YTpi")), 401, "");
        assertRefused(request(Headers.of("Authorization", "DPoP")), 401, "");
    }

    @Test
    void refusesTwoTokensAndGarbage() {
        assertRefused(
                request(Headers.of("Authorization", "DPoP a").add("Authorization", "DPoP b")), 400, "invalid_request");
        assertRefused(request(Headers.of("Authorization", "Bearer a b")), 401, "invalid_token");
    }

    private void bindToDpopKey() {
        token.put("cnf", Map.of("jkt", DPOP_KEY.thumbprint()));
    }

    private void bindToCertificate() {
        token.put("cnf", Map.of("x5t#S256", CERTIFICATE.thumbprint()));
    }

    private static JwtDraft proof() {
        return JwtDraft.empty()
                .signedBy(DPOP_KEY)
                .withoutHeader("kid")
                .header("typ", "dpop+jwt")
                .header("jwk", DPOP_KEY.barePublicJwk())
                .claim("jti", UUID.randomUUID().toString())
                .claim("htm", "GET")
                .claim("htu", RESOURCE.toString())
                .claim("iat", NOW)
                .claim("ath", FapiClient.accessTokenHash(TOKEN));
    }

    private static AccessGuard.Request withProof(JwtDraft proof) {
        return request(Headers.of("Authorization", "DPoP " + TOKEN).add("DPoP", proof.compact()));
    }

    private static AccessGuard.Request withCertificate(X509Certificate certificate) {
        return new AccessGuard.Request(
                "GET", RESOURCE, Headers.of("Authorization", "Bearer " + TOKEN), Optional.of(certificate));
    }

    private static AccessGuard.Request request(Headers headers) {
        return new AccessGuard.Request("GET", RESOURCE, headers, Optional.empty());
    }

    private void assertRefused(AccessGuard.Request request, int status, String error) {
        assertThatThrownBy(() -> guard.admit(request))
                .asInstanceOf(type(AccessRefusal.class))
                .satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(status);
                    assertThat(refusal.error()).isEqualTo(error);
                });
    }
}
