package org.fapipack.clientmetadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMetadataRulesTest {

    private static final List<String> SIGNATURES = List.of("PS256", "ES256", "EdDSA");

    private final ClientMetadataRules rules = new ClientMetadataRules(
            SIGNATURES, ClientMetadataRules.KEY_MANAGEMENT, ClientMetadataRules.CONTENT_ENCRYPTION, false);

    @Test
    void anIdTokenIsEncryptedWhereItHasTo() {
        ClientMetadataRules strict = new ClientMetadataRules(SIGNATURES, List.of("RSA-OAEP"), List.of("A256GCM"), true);
        String attribute = "id.token.encrypted.response.";

        assertThat(strict.firstDefect(
                        Map.of(attribute + "alg", "RSA-OAEP", attribute + "enc", "A256GCM")::get,
                        "PS256",
                        JwkSetRules::firstDefect))
                .isEmpty();
        assertThat(strict.firstDefect(Map.<String, String>of()::get, "PS256", JwkSetRules::firstDefect))
                .isPresent();
        assertThat(strict.firstDefect(Map.of(attribute + "alg", "RSA-OAEP")::get, "PS256", JwkSetRules::firstDefect))
                .isPresent();
        assertThat(strict.firstDefect(
                        Map.of(attribute + "alg", "", attribute + "enc", "")::get, "PS256", JwkSetRules::firstDefect))
                .isPresent();
        assertThat(strict.firstDefect(
                        Map.of(attribute + "alg", "RSA-OAEP-256", attribute + "enc", "A256GCM")::get,
                        "PS256",
                        JwkSetRules::firstDefect))
                .isPresent();
        assertThat(strict.firstDefect(
                        Map.of(attribute + "alg", "RSA-OAEP", attribute + "enc", "A128GCM")::get,
                        "PS256",
                        JwkSetRules::firstDefect))
                .isPresent();
    }

    @Test
    void aClientThatSaysNothingIsSound() {
        assertThat(firstDefect(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id.token.signed.response.alg",
                "user.info.response.signature.alg",
                "request.object.signature.alg",
                "token.endpoint.auth.signing.alg",
                "access.token.signed.response.alg",
                "introspection.signed.response.alg",
                "ciba.backchannel.auth.request.signing.alg"
            })
    void aSignatureAlgorithmIsOneOfTheAllowed(String attribute) {
        for (String sound : List.of("PS256", "ES256", "EdDSA", "any", "")) {
            assertThat(firstDefect(Map.of(attribute, sound))).as(sound).isEmpty();
        }
        for (String unsound : List.of("RS256", "HS256", "none", "ps256")) {
            assertThat(firstDefect(Map.of(attribute, unsound))).as(unsound).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id.token.encrypted.response.",
                "user.info.encrypted.response.",
                "request.object.encryption.",
                "authorization.encrypted.response.",
                "introspection.encrypted.response."
            })
    void anEncryptionIsCompleteAndSafe(String attribute) {
        assertThat(encrypted(attribute, "RSA-OAEP-256", "A256GCM")).isEmpty();
        assertThat(encrypted(attribute, "RSA-OAEP-256", "")).isEmpty();
        assertThat(encrypted(attribute, "RSA1_5", "A256GCM")).isPresent();
        assertThat(encrypted(attribute, "RSA-OAEP", "A257GCM")).isPresent();
        assertThat(encrypted(attribute, "", "A256GCM")).get().asString().contains(" needs ");
        assertThat(encrypted(attribute, "any", "any")).isEmpty();
    }

    @Test
    void aContentEncryptionIsFilledInWhereAnAlgorithmIsNamed() {
        Map<String, String> attributes = Map.of(
                "authorization.encrypted.response.alg", "ECDH-ES",
                "id.token.encrypted.response.alg", "ECDH-ES",
                "id.token.encrypted.response.enc", "A128GCM",
                "user.info.encrypted.response.alg", "");
        assertThat(ClientMetadataRules.defaultEncodings(attributes::get))
                .isEqualTo(Map.of("authorization.encrypted.response.enc", "A128CBC-HS256"));
    }

    @ParameterizedTest
    @CsvSource({"2047, true", "2048, false"})
    void anRsaKeyHas2048Bits(int bits, boolean refused) {
        assertThat(JwkSetRules.firstDefect(jwks(rsa(bits), "")).isPresent()).isEqualTo(refused);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"keys\":null}",
                "{\"keys\":[null]}",
                "{\"keys\":[5]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"!\",\"e\":\"AQAB\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\"}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}"
            })
    void keysThatCannotBeReadAreRefused(String jwks) {
        assertThat(JwkSetRules.firstDefect(jwks)).isPresent();
    }

    @Test
    void aPrivateKeyIsRefused() {
        assertThat(JwkSetRules.firstDefect(jwks(rsa(2048), ",\"d\":\"AQAB\"")))
                .contains("jwks must hold public keys only");
    }

    @Test
    void aKeyOfAKindThatNobodyKnowsDoesNotMatter() {
        assertThat(JwkSetRules.firstDefect("{\"keys\":[{\"kty\":\"LWE\"},{}]}")).isEmpty();
    }

    @Test
    void keysFitWhatTheClientSigns() {
        Map<String, String> attributes =
                new HashMap<>(Map.of("use.jwks.string", "true", "jwks.string", jwks(rsa(2048), ",\"use\":\"sig\"")));
        attributes.put("token.endpoint.auth.signing.alg", "PS256");
        assertThat(rules.firstDefectOnSaving(attributes::get, "PS256")).isEmpty();
        attributes.put("request.object.signature.alg", "ES256");
        assertThat(rules.firstDefectOnSaving(attributes::get, "PS256"))
                .contains("jwks holds no key for the request_object_signing_alg");
        assertThat(rules.firstDefect(attributes::get, "PS256", JwkSetRules::firstDefect))
                .as("when it comes, its signature is judged")
                .isEmpty();
        attributes.put("request.object.signature.alg", "any");
        assertThat(rules.firstDefectOnSaving(attributes::get, "PS256")).isEmpty();
        attributes.put("jwks.string", jwks(rsa(2048), ",\"use\":\"enc\""));
        assertThat(rules.firstDefectOnSaving(attributes::get, "PS256")).isPresent();
    }

    @Test
    void keysComeByValueOrByReference() {
        Map<String, String> attributes = new HashMap<>(Map.of("use.jwks.url", "true", "jwks.url", "https://x.example"));
        assertThat(firstDefect(attributes)).isEmpty();
        attributes.put("jwks.url", "http://x.example");
        assertThat(firstDefect(attributes)).isPresent();
        attributes.put("use.jwks.string", "true");
        assertThat(firstDefect(attributes)).contains("jwks and jwks_uri must not both be registered");
    }

    @ParameterizedTest
    @CsvSource({"0, true", "2147483647, true", "2147483648, false", "-1, false", "soon, false", "'', true"})
    void aDefaultAgeIsANumberOfSeconds(String seconds, boolean good) {
        assertThat(firstDefect(Map.of("default.max.age", seconds)).isEmpty()).isEqualTo(good);
    }

    @ParameterizedTest
    @CsvSource({"PS256, true", "ES256, true", "PS384, false", "RS256, false"})
    void whatAClientDoesNotNameIsSignedWithTheRealmsDefault(String realmDefault, boolean good) {
        String idToken = "id.token.signed.response.alg";
        String accessToken = "access.token.signed.response.alg";

        assertThat(rules.leftToDefault(Map.of(idToken, "", accessToken, "ES256")::get, realmDefault))
                .containsExactlyElementsOf(good ? List.of() : List.of(idToken));
        for (Map<String, String> attributes :
                List.of(Map.<String, String>of(), Map.of(idToken, "PS256"), Map.of(accessToken, "PS256"))) {
            assertThat(rules.firstDefect(attributes::get, realmDefault, JwkSetRules::firstDefect)
                            .isEmpty())
                    .isEqualTo(good);
            assertThat(rules.firstDefectOfTokens(attributes::get, realmDefault).isEmpty())
                    .isEqualTo(good);
        }
        Map<String, String> both = Map.of(idToken, "ES256", accessToken, "PS256");
        assertThat(rules.firstDefectOfTokens(both::get, realmDefault)).isEmpty();
    }

    private Optional<String> encrypted(String attribute, String alg, String enc) {
        return firstDefect(Map.of(attribute + "alg", alg, attribute + "enc", enc));
    }

    private Optional<String> firstDefect(Map<String, String> attributes) {
        return rules.firstDefect(attributes::get, "PS256", JwkSetRules::firstDefect);
    }

    private static String jwks(RSAPublicKey key, String moreMembers) {
        return "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"%s}]}"
                .formatted(base64(key.getModulus()), base64(key.getPublicExponent()), moreMembers);
    }

    private static String base64(BigInteger number) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(number.toByteArray());
    }

    private static RSAPublicKey rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return (RSAPublicKey) generator.generateKeyPair().getPublic();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
