package org.fapipack.demo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.fapipack.httpsignatures.server.Mode;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.tls.TestPki;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @TempDir
    private Path folder;

    private final SigningKey key = SigningKey.generate(JWSAlgorithm.ES256);
    private final Map<String, String> environment = new HashMap<>();
    private TestPki pki;

    @BeforeEach
    void completeEnvironment() throws IOException {
        pki = TestPki.in(folder);
        environment.put(AccountsApi.PORT, "8444");
        environment.put(AccountsApi.ISSUER, "https://localhost:8443/realms/r");
        environment.put(AccountsApi.CLIENT_ID, "accounts-api");
        environment.put(
                AccountsApi.KEY_FILE,
                file("key.json", Json.write(key.privateJwk().toJSONObject())));
        environment.put(AccountsApi.RESPONSE_ALGORITHM, "PS256");
        environment.put(AccountsApi.TLS_CERTIFICATE_FILE, pki.serverPem().toString());
        environment.put(AccountsApi.TLS_KEY_FILE, pki.serverKeyPem().toString());
        environment.put(AccountsApi.CA_FILE, pki.caPem().toString());
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void readsEverything() {
        Settings settings = Settings.of(environment);

        assertThat(settings.bindAddress().getHostAddress()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isEqualTo(8444);
        assertThat(settings.publicUri()).isEmpty();
        assertThat(settings.issuer()).isEqualTo(URI.create("https://localhost:8443/realms/r"));
        assertThat(settings.clientId()).isEqualTo("accounts-api");
        assertThat(settings.key().privateJwk()).isEqualTo(key.privateJwk());
        assertThat(settings.key().algorithm()).isEqualTo(JWSAlgorithm.ES256);
        assertThat(settings.responseAlgorithm()).contains(JWSAlgorithm.PS256);
        assertThat(settings.signatures()).isEqualTo(Mode.OFF);
        assertThat(settings.messages()).isEmpty();
        assertThat(settings.evidence()).isEmpty();
        assertThat(settings.tls().caCertificate()).isEqualTo(pki.caCertificate());
        assertThat(settings.tls().server()).isEqualTo(pki.server());
    }

    @Test
    void readsWhatIsOptional() {
        environment.put(AccountsApi.BIND_ADDRESS, "0.0.0.0");
        environment.put(AccountsApi.PUBLIC_URL, "https://api.example.test:9000");
        environment.put(AccountsApi.RESPONSE_ALGORITHM, AccountsApi.UNSIGNED);
        environment.put(AccountsApi.HTTP_SIGNATURES, "accepted");
        environment.put(AccountsApi.EVIDENCE_FOLDER, folder.toString());

        assertThat(Settings.of(environment).bindAddress().isAnyLocalAddress()).isTrue();
        assertThat(Settings.of(environment).responseAlgorithm()).isEmpty();
        assertThat(Settings.of(environment).signatures()).isEqualTo(Mode.ACCEPTED);
        assertThat(Settings.of(environment).messages()).isPresent();
        assertThat(Settings.of(environment).evidence()).contains(folder);
        assertThat(Settings.of(environment).publicUri()).contains(URI.create("https://api.example.test:9000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                AccountsApi.PORT,
                AccountsApi.ISSUER,
                AccountsApi.CLIENT_ID,
                AccountsApi.KEY_FILE,
                AccountsApi.RESPONSE_ALGORITHM,
                AccountsApi.TLS_CERTIFICATE_FILE,
                AccountsApi.TLS_KEY_FILE,
                AccountsApi.CA_FILE
            })
    void namesWhatIsMissing(String name) {
        environment.put(name, " ");

        assertRefused(name + " is not set");
    }

    @ParameterizedTest
    @CsvSource({
        "API_PORT, 65536",
        "API_PORT, -1",
        "API_PORT, x",
        "API_BIND_ADDRESS, localhost",
        "API_BIND_ADDRESS, 1.2.3.999",
        "API_PUBLIC_URL, https://localhost:8444/accounts",
        "API_PUBLIC_URL, http://localhost:8444",
        "API_ISSUER, http://localhost:8443/realms/r",
        "API_ISSUER, https://localhost:8443/realms/r/",
        "API_ISSUER, https://localhost:8443/realms/r?x=y",
        "API_ISSUER, not an address",
        "API_RESPONSE_ALGORITHM, RS256",
        "API_HTTP_SIGNATURES, on",
        "API_HTTP_SIGNATURES, REQUIRED",
        "API_KEY_FILE, /nowhere",
        "API_TLS_CERTIFICATE_FILE, /nowhere",
        "API_TLS_KEY_FILE, /nowhere",
        "API_CA_FILE, /nowhere"
    })
    void refusesWhatIsMalformedInOneLine(String name, String value) {
        environment.put(name, value);

        assertRefused(name);
    }

    @Test
    void refusesAPublicKeyAndNeverQuotesAPrivateOne() throws IOException {
        environment.put(
                AccountsApi.KEY_FILE,
                file("key.json", Json.write(key.publicJwk().toJSONObject())));
        assertRefused("API_KEY_FILE: a private JWK");

        String secret = Json.text(key.privateJwk().toJSONObject(), "d").orElseThrow();
        environment.put(AccountsApi.KEY_FILE, file("key.json", "{\"kty\":\"EC\",\"d\":\"" + secret + "\""));
        assertThatThrownBy(() -> Settings.of(environment))
                .isInstanceOf(SettingsException.class)
                .hasMessageNotContaining(secret)
                .hasNoCause();
    }

    @Test
    void refusesAnAlgorithmOfAnotherKeyType() throws IOException {
        Map<String, Object> jwk = new HashMap<>(key.privateJwk().toJSONObject());
        jwk.put("alg", "PS256");
        environment.put(AccountsApi.KEY_FILE, file("key.json", Json.write(jwk)));

        assertRefused("API_KEY_FILE: PS256 needs a key of type RSA");
    }

    @Test
    void refusesAKeyOfAnotherCertificate() {
        environment.put(
                AccountsApi.TLS_KEY_FILE,
                TestPki.in(folder.resolve("other")).serverKeyPem().toString());

        assertRefused("API_TLS_KEY_FILE: the key does not belong to the certificate");
    }

    @Test
    void refusesAKeyThatIsNoKey() throws IOException {
        environment.put(
                AccountsApi.TLS_KEY_FILE,
                file("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
        assertRefused("API_TLS_KEY_FILE: no EC key");

        environment.put(AccountsApi.TLS_KEY_FILE, pki.caPem().toString());
        assertRefused("API_TLS_KEY_FILE: no unencrypted PKCS#8 key");
    }

    @Test
    void keysOnDiskAreTheOwnersOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pki.serverKeyPem())))
                .isEqualTo("rw-------");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> Settings.of(environment))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("\n");
    }
}
