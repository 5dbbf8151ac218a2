package org.fapipack.senderconstraint;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DPoP proofs at the token endpoint, the PAR endpoint and the userinfo endpoint. */
class DpopIT {

    private static FapiRealm realm;
    private static FapiClient client;
    private static URI token;
    private static URI userinfo;

    /** Refresh tokens are not used up, so one serves all tests that only look at proofs. */
    private static Tokens tokens;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("dpop");
        tokens = realm.tokensFor(client);
        token = client.metadata().endpoint(ServerMetadata.TOKEN);
        userinfo = client.metadata().endpoint(ServerMetadata.USERINFO);
    }

    static Stream<Arguments> badProofs() throws Exception {
        return Stream.of(
                proof("DP-1", "typ", draft -> draft.header("typ", "JWT"), "typ"),
                proof("DP-1", "no jwk", draft -> draft.withoutHeader("jwk"), "jwk"),
                proof("DP-1", "private jwk", draft -> draft.header("jwk", withPrivateMember()), "private"),
                proof("DP-1", "broken signature", JwtDraft::withBrokenSignature, "signature"),
                proof(
                        "DP-1",
                        "crit",
                        draft -> draft.header("crit", List.of("x")).header("x", 1),
                        "crit"),
                proof("DP-1", "unsigned", JwtDraft::unsigned, "signed with one of"),
                proof("DP-4", "htm", draft -> draft.claim("htm", "GET"), "htm"),
                proof("DP-4", "htu of another endpoint", draft -> draft.claim("htu", userinfo.toString()), "htu"),
                proof(
                        "DP-4",
                        "htu of another host",
                        draft -> draft.claim("htu", "https://elsewhere.example/token"),
                        "htu"),
                proof("DP-4", "htu relative", draft -> draft.claim("htu", "/token"), "htu"),
                proof("DP-4", "no htu", draft -> draft.withoutClaim("htu"), "htu"),
                proof("DP-5", "no iat", draft -> draft.withoutClaim("iat"), "iat"),
                proof("DP-5", "iat as text", draft -> draft.claim("iat", "now"), "iat"),
                proof("DP-5", "iat a minute ahead", draft -> draft.claim("iat", seconds(61)), "future"),
                proof("DP-5", "iat half a minute back", draft -> draft.claim("iat", seconds(-30)), "24 seconds"),
                proof("SP-5.3.2.1-13", "nbf a minute ahead", draft -> draft.claim("nbf", seconds(61)), "future"),
                proof("DP-5", "expired", draft -> draft.claim("exp", seconds(-61)), "expired"),
                proof("DP-7", "no jti", draft -> draft.withoutClaim("jti"), "jti"),
                proof("DP-7", "blank jti", draft -> draft.claim("jti", " "), "jti"),
                proof("DP-7", "endless jti", draft -> draft.claim("jti", "j".repeat(513)), "512"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("badProofs")
    @Requirement({"DP-1", "DP-4", "DP-5", "DP-7", "DP-16", "SP-5.3.2.1-13"})
    void aBadProofIsRefusedByName(String requirement, String name, UnaryOperator<JwtDraft> spoil, String description) {
        assertRefused(refresh(spoil.apply(proof())), description);
        assertRefused(
                pushWith(
                        spoil.apply(proofFor(client.metadata().endpoint(ServerMetadata.PUSHED_AUTHORIZATION_REQUEST)))),
                "");
        assertGoesOn();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS384", "ES384"})
    @Requirement("DP-2")
    void anAlgorithmThatFapiForbidsIsRefused(String algorithm) throws Exception {
        SigningKey key = algorithm.equals("ES384")
                ? SigningKey.of(new ECKeyGenerator(Curve.P_384).generate(), JWSAlgorithm.ES384)
                : SigningKey.generate(JWSAlgorithm.parse(algorithm));
        assertRefused(refresh(client.dpopProof(key, "POST", token)), "must be signed with one of PS256, ES256, EdDSA");
        assertGoesOn();
    }

    @Test
    @Requirement("DP-3")
    void aShortKeyIsRefused() throws Exception {
        RSAKey weak = new RSAKeyGenerator(1024, true).generate();
        SigningKey sound = SigningKey.generate(JWSAlgorithm.PS256);
        JwtDraft claims = client.dpopProof(sound, "POST", token);
        SignedJWT proof = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.PS256)
                        .type(new JOSEObjectType("dpop+jwt"))
                        .jwk(weak.toPublicJWK())
                        .build(),
                JWTClaimsSet.parse(Json.write(CompactJwt.parse(claims.compact()).claims())));
        proof.sign(new RSASSASigner(weak.toRSAPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())));
        assertRefused(
                client.refreshRequest(tokens.refreshToken().orElseThrow())
                        .withoutDpop()
                        .header("DPoP", proof.serialize())
                        .send(),
                "2048 bits");
        assertGoesOn();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PS256", "ES256", "EdDSA"})
    @Requirement({"DP-2", "DP-14"})
    void aConfidentialClientMayChangeItsKey(String algorithm) {
        SigningKey key = SigningKey.generate(JWSAlgorithm.parse(algorithm));
        Exchange answer = refresh(client.dpopProof(key, "POST", token));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json()).containsEntry("token_type", "DPoP");
    }

    @Test
    @Requirement({"DP-5", "SP-5.3.2.1-13"})
    void aClockMayBeSomeSecondsOff() {
        assertThat(refresh(proof().claim("iat", seconds(8))).status()).isEqualTo(200);
        assertThat(refresh(proof().claim("iat", seconds(-22))).status()).isEqualTo(200);
    }

    @Test
    @Requirement("DP-6")
    void noAgeIsAnInternalError() {
        for (int age = 22; age <= 28; age++) {
            assertThat(refresh(proof().claim("iat", seconds(-age))).status())
                    .as("age " + age)
                    .isIn(200, 400);
        }
    }

    @Test
    @Requirement("DP-4")
    void theSameAddressMayBeSpeltDifferently() {
        String plain = token.toString();
        for (String htu : List.of(
                plain.replace("https://localhost", "HTTPS://LocalHost"),
                plain.replace("/protocol/", "/%70rotocol/"),
                plain.replace("/protocol/", "/./x/../protocol/"),
                plain + "?x=y",
                plain + "#x")) {
            Exchange answer = refresh(proof().claim("htu", htu));
            assertThat(answer.status()).as(htu + answer.body()).isEqualTo(200);
        }
    }

    @Test
    void withoutThePolicyAnotherSpellingIsRefusedAsInStock() {
        FapiRealm lax = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient stock = lax.addDpopClient("stock");
        String refreshToken = lax.tokensFor(stock).refreshToken().orElseThrow();
        lax.remove("fapi-sender-constrained-tokens");
        URI endpoint = stock.metadata().endpoint(ServerMetadata.TOKEN);
        JwtDraft spelt = stock.dpopProof("POST", endpoint)
                .claim("htu", endpoint.toString().replace("/protocol/", "/%70rotocol/"));
        Exchange refused = stock.refreshRequest(refreshToken).dpop(spelt).send();
        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.error()).contains("invalid_request");
        assertThat(stock.refresh(refreshToken).accessToken()).isNotEmpty();
    }

    @Test
    @Requirement("DP-7")
    void aProofIsUsedOnce() {
        JwtDraft proof = proof();
        assertThat(refresh(proof).status()).isEqualTo(200);
        assertRefused(refresh(proof), "used before");
        assertRefused(refresh(proof.claim("iat", Instant.now())), "used before");
        assertGoesOn();
    }

    @Test
    @Requirement({"DP-1", "SP-5.3.2.1-4/5"})
    void aProofIsNeeded() {
        assertRefused(
                client.refreshRequest(tokens.refreshToken().orElseThrow())
                        .withoutDpop()
                        .send(),
                "a DPoP proof is needed");
        assertRefused(
                client.refreshRequest(tokens.refreshToken().orElseThrow())
                        .withoutDpop()
                        .header("DPoP", "")
                        .send(),
                "");
        assertGoesOn();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a.b.c", "..", "e30.e30.", "eyJhbGciOiJFUzI1NiJ9.W10.x", "null.null.null"})
    @Requirement("DP-1")
    void garbageIsRefused(String garbage) {
        assertRefused(
                client.refreshRequest(tokens.refreshToken().orElseThrow())
                        .withoutDpop()
                        .header("DPoP", garbage)
                        .send(),
                "");
        assertGoesOn();
    }

    @Test
    @Requirement("DP-11")
    void twoProofsAreRefused() {
        assertRefused(
                client.refreshRequest(tokens.refreshToken().orElseThrow())
                        .header("DPoP", proof().compact())
                        .send(),
                "");
        assertGoesOn();
    }

    @Test
    @Requirement("DP-16")
    void aBadProofDoesNotBurnTheCode() {
        PendingAuthorization pending = client.begin();
        String code = realm.codeFor(client, pending);
        assertRefused(
                client.codeRequest(code, pending)
                        .dpop(proof().claim("htm", "GET"))
                        .send(),
                "htm");
        assertRefused(client.codeRequest(code, pending).withoutDpop().send(), "needed");
        assertThat(client.redeem(code, pending).accessToken()).isNotEmpty();
    }

    @Test
    @Requirement("DP-15")
    void revocationNeedsNoProof() {
        Tokens mine = realm.tokensFor(client);
        Exchange answer = client.revocationRequest(mine.refreshToken().orElseThrow())
                .withoutDpop()
                .send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(client.refreshRequest(mine.refreshToken().orElseThrow())
                        .send()
                        .error())
                .contains("invalid_grant");
        tokens = realm.tokensFor(client);
    }

    @Test
    @Requirement({"DP-9", "DP-10", "SP-5.3.4-5"})
    void userinfoWantsAProofForTheToken() {
        assertThat(client.callApi(userinfo, tokens.accessToken()).status()).isEqualTo(200);

        assertChallenged(userinfo(tokens.accessToken(), null), "invalid_dpop_proof");
        assertChallenged(userinfo(tokens.accessToken(), client.dpopProof("GET", userinfo)), "invalid_dpop_proof");
        assertChallenged(
                userinfo(tokens.accessToken(), client.dpopProof("POST", userinfo, tokens.accessToken())),
                "invalid_dpop_proof");
        SigningKey rsa = SigningKey.generate(JWSAlgorithm.RS256);
        assertChallenged(
                userinfo(
                        tokens.accessToken(),
                        client.dpopProof(rsa, "GET", userinfo)
                                .claim("ath", FapiClient.accessTokenHash(tokens.accessToken()))),
                "invalid_dpop_proof");
        JwtDraft proof = client.dpopProof("GET", userinfo, tokens.accessToken());
        assertThat(userinfo(tokens.accessToken(), proof).status()).isEqualTo(200);
        assertChallenged(userinfo(tokens.accessToken(), proof), "invalid_dpop_proof");
    }

    @Test
    @Requirement("DP-10")
    void somebodyElsesKeyIsRefusedAtUserinfo() {
        SigningKey other = SigningKey.generate(JWSAlgorithm.ES256);
        Exchange answer = userinfo(
                tokens.accessToken(),
                client.dpopProof(other, "GET", userinfo)
                        .claim("ath", FapiClient.accessTokenHash(tokens.accessToken())));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).get().asString().contains("error=\"invalid_token\"");
    }

    @Test
    @Requirement("DP-10")
    void aBoundTokenIsNoBearerToken() {
        Exchange answer = client.callApi(userinfo, Headers.of("Authorization", "Bearer " + tokens.accessToken()));
        assertThat(answer.status()).isEqualTo(401);
        Exchange withProof = client.callApi(
                userinfo,
                Headers.of("Authorization", "Bearer " + tokens.accessToken())
                        .add(
                                "DPoP",
                                client.dpopProof("GET", userinfo, tokens.accessToken())
                                        .compact()));
        assertThat(withProof.status()).isEqualTo(401);
    }

    @Test
    @Requirement({"DP-8", "SP-5.3.2.1-10"})
    void aRequiredNonceIsHandedOutAndAsked() {
        FapiRealm careful = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient asked = careful.addDpopClient("asked");
        Tokens mine = careful.tokensFor(asked);
        careful.configure("fapi-sender-constrained-tokens", Map.of("nonce", "required"));
        URI endpoint = asked.metadata().endpoint(ServerMetadata.TOKEN);

        Exchange first = asked.refreshRequest(mine.refreshToken().orElseThrow()).send();
        assertThat(first.status()).isEqualTo(400);
        assertThat(first.error()).contains("use_dpop_nonce");
        String nonce = first.header("DPoP-Nonce").orElseThrow();

        JwtDraft wrong = asked.dpopProof("POST", endpoint).claim("nonce", nonce + "x");
        assertThat(asked.refreshRequest(mine.refreshToken().orElseThrow())
                        .dpop(wrong)
                        .send()
                        .error())
                .contains("use_dpop_nonce");
        Exchange good = asked.refreshRequest(mine.refreshToken().orElseThrow())
                .dpop(asked.dpopProof("POST", endpoint).claim("nonce", nonce))
                .send();
        assertThat(good.status()).as(good.body()).isEqualTo(200);
        assertThat(good.header("DPoP-Nonce")).as("nothing new").isEmpty();

        URI resource = asked.metadata().endpoint(ServerMetadata.USERINFO);
        String access = (String) good.json().get("access_token");
        Exchange unasked = asked.callApi(resource, access);
        assertThat(unasked.status()).isEqualTo(401);
        assertThat(unasked.header("WWW-Authenticate")).get().asString().startsWith("DPoP error=\"use_dpop_nonce\"");
        String resourceNonce = unasked.header("DPoP-Nonce").orElseThrow();
        assertThat(resourceNonce).as("one for each role").isNotEqualTo(nonce);
        assertThat(asked.callApi(
                                resource,
                                Headers.of("Authorization", "DPoP " + access)
                                        .add(
                                                "DPoP",
                                                asked.dpopProof("GET", resource, access)
                                                        .claim("nonce", resourceNonce)
                                                        .compact()))
                        .status())
                .isEqualTo(200);
    }

    @Test
    @Requirement({"DP-8", "SP-5.3.2.1-10"})
    void anAcceptedNonceIsOfferedAndChecked() {
        FapiRealm polite = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient offered = polite.addDpopClient("offered");
        Tokens mine = polite.tokensFor(offered);
        polite.configure("fapi-sender-constrained-tokens", Map.of("nonce", "accepted"));
        URI endpoint = offered.metadata().endpoint(ServerMetadata.TOKEN);
        Exchange without =
                offered.refreshRequest(mine.refreshToken().orElseThrow()).send();
        assertThat(without.status()).isEqualTo(200);
        assertThat(without.header("DPoP-Nonce")).isPresent();
        assertThat(offered.refreshRequest(mine.refreshToken().orElseThrow())
                        .dpop(offered.dpopProof("POST", endpoint).claim("nonce", "mine"))
                        .send()
                        .error())
                .contains("use_dpop_nonce");
    }

    private static JwtDraft proof() {
        return proofFor(token);
    }

    private static JwtDraft proofFor(URI endpoint) {
        return client.dpopProof("POST", endpoint);
    }

    private static Instant seconds(long fromNow) {
        return Instant.now().plusSeconds(fromNow);
    }

    private static Map<String, Object> withPrivateMember() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate().toJSONObject();
        } catch (JOSEException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private static Exchange refresh(JwtDraft proof) {
        return client.refreshRequest(tokens.refreshToken().orElseThrow())
                .dpop(proof)
                .send();
    }

    private static Exchange pushWith(JwtDraft proof) {
        return client.pushedAuthorizationRequest(client.requestObject(client.begin()))
                .dpop(proof)
                .send();
    }

    private static Exchange userinfo(String accessToken, JwtDraft proof) {
        Headers headers = Headers.of("Authorization", "DPoP " + accessToken);
        return client.callApi(userinfo, proof == null ? headers : headers.add("DPoP", proof.compact()));
    }

    private static void assertGoesOn() {
        assertThat(refresh(proof()).status()).isEqualTo(200);
    }

    private static void assertRefused(Exchange answer, String description) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains("invalid_dpop_proof");
        assertThat(answer.errorDescription()).get().asString().contains(description);
    }

    private static void assertChallenged(Exchange answer, String error) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate"))
                .get()
                .asString()
                .startsWith("DPoP error=\"" + error + "\"")
                .contains("algs=\"PS256 ES256 EdDSA\"");
    }

    private static Arguments proof(String requirement, String name, UnaryOperator<JwtDraft> spoil, String description) {
        return Arguments.of(requirement, name, spoil, description);
    }
}
