package org.fapipack.introspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceServerMetadataTest {

    private static final String RSA_KEY = "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"enc\"}]}";

    private final SignedIntrospectionRules rules =
            new SignedIntrospectionRules(List.of("PS256", "ES256"), "PS256", false, false);
    private final Map<String, String> attributes = new HashMap<>();

    @Test
    void anAbsentAlgorithmBecomesTheDefaultAndNotRs256() throws Exception {
        assertThat(read().signedResponseAlg()).isEqualTo("PS256");
    }

    @Test
    void anAllowedAlgorithmIsTaken() throws Exception {
        attributes.put("introspection.signed.response.alg", "ES256");
        assertThat(read().signedResponseAlg()).isEqualTo("ES256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "RS256", "EdDSA", "es256"})
    void otherAlgorithmsAreRefused(String alg) {
        attributes.put("introspection.signed.response.alg", alg);
        assertRefused("introspection_signed_response_alg must be one of PS256, ES256");
    }

    @Test
    void encWithoutAlgIsRefused() {
        attributes.put("introspection.encrypted.response.enc", "A256GCM");
        assertRefused("introspection_encrypted_response_enc needs introspection_encrypted_response_alg");
    }

    @Test
    void encDefaultsToTheRfcs() throws Exception {
        encryptTo(RSA_KEY, "RSA-OAEP-256");
        assertThat(read().encryptedResponseEnc()).isEqualTo("A128CBC-HS256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA1_5", "RSA-OAEP", "dir", "A256KW", "none"})
    void otherKeyManagementIsRefused(String alg) {
        encryptTo(RSA_KEY, alg);
        assertRefused("introspection_encrypted_response_alg must be one of");
    }

    @Test
    void otherContentEncryptionIsRefused() {
        encryptTo(RSA_KEY, "RSA-OAEP-256");
        attributes.put("introspection.encrypted.response.enc", "A192GCM");
        assertRefused("introspection_encrypted_response_enc must be one of");
    }

    @Test
    void encryptionNeedsKeys() {
        attributes.put("introspection.encrypted.response.alg", "RSA-OAEP-256");
        assertRefused("needs either jwks or jwks_uri, and not both");
    }

    @Test
    void keysByValueAndByReferenceTogetherAreRefused() {
        encryptTo(RSA_KEY, "RSA-OAEP-256");
        attributes.put("use.jwks.url", "true");
        assertRefused("needs either jwks or jwks_uri, and not both");
    }

    @Test
    void keysByReferenceAreLookedAtWhenTheyAreUsed() throws Exception {
        attributes.put("introspection.encrypted.response.alg", "RSA-OAEP-256");
        attributes.put("use.jwks.url", "true");
        assertThat(read().encryptedResponseAlg()).contains("RSA-OAEP-256");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "not json",
                "{\"keys\":[]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"use\":\"enc\"}]}"
            })
    void aKeyOfTheRightKindIsNeeded(String jwks) {
        encryptTo(jwks, "RSA-OAEP-256");
        assertRefused("the jwks contain no encryption key");
    }

    @Test
    void extraClaimsAreSeparatedBySpaces() {
        attributes.put("fapi.introspection.claims", " email  name ");
        assertThat(ResourceServerMetadata.extraClaims(attributes::get)).containsExactlyInAnyOrder("email", "name");
    }

    private ResourceServerMetadata read() throws InvalidResourceServerMetadata {
        return ResourceServerMetadata.read(attributes::get, rules);
    }

    private void encryptTo(String jwks, String alg) {
        attributes.put("use.jwks.string", "true");
        attributes.put("jwks.string", jwks);
        attributes.put("introspection.encrypted.response.alg", alg);
    }

    private void assertRefused(String text) {
        assertThatExceptionOfType(InvalidResourceServerMetadata.class)
                .isThrownBy(this::read)
                .withMessageContaining(text);
    }
}
