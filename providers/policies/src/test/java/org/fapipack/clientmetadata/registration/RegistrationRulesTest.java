package org.fapipack.clientmetadata.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationRulesTest {

    private static final String REDIRECT = "\"redirect_uris\":[\"https://client.example/cb\"]";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"colour\":{}",
                ",\"client_name\":null",
                ",\"contacts\":[]",
                ",\"jwks_uri\":\"\"",
                ",\"default_max_age\":2147483647",
                ",\"tls_client_auth_subject_dn\":\"CN=a,O=b\"",
                ",\"token_endpoint_auth_method\":\"tls_client_auth\",\"tls_client_auth_san_ip\":\"::1\"",
                ",\"token_endpoint_auth_method\":\"self_signed_tls_client_auth\",\"jwks_uri\":\"https://client.example\"",
                ",\"grant_types\":[\"client_credentials\"]"
            })
    void soundMetadataPass(String members) {
        assertThatCode(() -> check(REDIRECT + members)).doesNotThrowAnyException();
    }

    @Test
    void whoDoesNotRedirectNeedsNoRedirectUri() {
        assertThatCode(() -> check("\"grant_types\":[\"client_credentials\"]")).doesNotThrowAnyException();
        assertThat(refusal("")).extracting(RefusedRegistration::error).isEqualTo("invalid_redirect_uri");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                ",\"client_name\":1; client_name must be a string of at most 255 characters",
                ",\"default_max_age\":2147483648; default_max_age must be a number of seconds, 0 to 2147483647",
                ",\"contacts\":[\"\"]; contacts must be an array of strings",
                ",\"use_mtls_endpoint_aliases\":\"true\"; use_mtls_endpoint_aliases must be true or false",
                ",\"jwks\":[5]; jwks must be a JSON object",
                ",\"jwks\":{\"keys\":[]},\"jwks_uri\":\"https://x.example\"; jwks and jwks_uri must not both be registered",
                ",\"jwks_uri\":\"http://x.example\"; jwks_uri must be an https address",
                ",\"token_endpoint_auth_method\":\"self_signed_tls_client_auth\"; self_signed_tls_client_auth needs jwks or jwks_uri",
                ",\"tls_client_auth_san_dns\":\"a b\"; tls_client_auth_san_dns cannot be read",
                ",\"tls_client_auth_san_email\":\"a\"; tls_client_auth_san_email cannot be read",
                ",\"tls_client_auth_san_uri\":\"a\"; tls_client_auth_san_uri cannot be read",
                ",\"response_modes\":[\"smoke\"]; response_modes must be of form_post, form_post.jwt, fragment, fragment.jwt, jwt, query, query.jwt",
                ",\"backchannel_authentication_request_signing_alg\":\"x\"; backchannel_authentication_request_signing_alg must be of ES256, ES384, ES512, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512",
                ",\"subject_type\":\"none\"; subject_type must be of pairwise, public",
            })
    void otherMetadataAreRefusedWithTheReason(String members, String reason) {
        RefusedRegistration refused = refusal(REDIRECT + members);
        assertThat(refused.error()).isEqualTo("invalid_client_metadata");
        assertThat(refused).hasMessage(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "", "{", "{} x", "{\"a\":1,\"a\":1}", "\"text\""})
    void whatIsNoJsonObjectIsNoRequest(String body) {
        RefusedRegistration refused =
                catchThrowableOfType(RefusedRegistration.class, () -> ClientMetadataDocument.read(stream(body)));
        assertThat(refused.error()).isEqualTo("invalid_request");
    }

    @Test
    void aBodyHasALargestSize() {
        String padding = " ".repeat(ClientMetadataDocument.MAX_BYTES - 2);
        assertThatCode(() -> ClientMetadataDocument.read(stream(padding + "{}")))
                .doesNotThrowAnyException();
        RefusedRegistration refused = catchThrowableOfType(
                RefusedRegistration.class, () -> ClientMetadataDocument.read(stream(padding + " {}")));
        assertThat(refused).hasMessage("the request must not be larger than 65536 bytes");
    }

    private static RefusedRegistration refusal(String members) {
        return catchThrowableOfType(RefusedRegistration.class, () -> check(members));
    }

    private static void check(String members) throws RefusedRegistration {
        RegistrationRules.check(ClientMetadataDocument.read(stream("{" + members + "}")));
    }

    private static ByteArrayInputStream stream(String body) {
        return new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
    }
}
