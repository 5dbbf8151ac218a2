package org.fapipack.demo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.fapipack.testkit.consentstore.ConsentStoreServer;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.tls.TestPki;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsentStoreTest {

    @TempDir
    private Path folder;

    private TestPki pki;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void prepare() throws Exception {
        pki = TestPki.in(folder.resolve("tls"));
        Path consents = folder.resolve("consents.json");
        Files.writeString(consents, "[{\"id\":\"1\",\"client_id\":\"app\",\"type\":\"t\",\"consent\":{\"a\":1}}]");
        environment.put(ConsentStore.PORT, "0");
        environment.put(ConsentStore.ISSUER, "https://localhost:1/realms/none");
        environment.put(ConsentStore.CA_FILE, pki.caPem().toString());
        environment.put(ConsentStore.TLS_CERTIFICATE_FILE, pki.serverPem().toString());
        environment.put(ConsentStore.TLS_KEY_FILE, pki.serverKeyPem().toString());
        environment.put(ConsentStore.CONSENTS_FILE, consents.toString());
        environment.put(ConsentStore.AMOUNT_MEMBER, "data.payment.amount");
        environment.put(ConsentStore.MAX_AMOUNT, "1000.00");
    }

    @Test
    void servesWhatTheFileHasAndSaysWhatItIsAsked() {
        try (ConsentStoreServer store = start()) {
            assertThat(store.get("1").clientId()).isEqualTo("app");
            assertThat(HttpCaller.over(pki.sslContext())
                            .get(URI.create(store.url() + "/consents/1?client_id=app"))
                            .status())
                    .isEqualTo(401);
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("GET /bank/consents/1?client_id=app refused: no bearer token");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "STORE_PORT, , is not set",
        "STORE_PORT, 65536, needs a number",
        "STORE_ISSUER, http://localhost/realms/x, needs an https address",
        "STORE_ISSUER, https://localhost/realms/x/, needs an https address",
        "STORE_CA_FILE, nothing.pem, cannot read",
        "STORE_CONSENTS_FILE, nothing.json, cannot read",
        "STORE_MAX_AMOUNT, , is not set",
        "STORE_MAX_AMOUNT, 1e3, needs an amount",
        "STORE_MAX_AMOUNT, -1, needs an amount"
    })
    void saysWhatIsWrong(String name, String value, String message) {
        environment.put(name, value);
        assertThatThrownBy(this::start)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "[1]", "[{}]", "[{\"id\":\"1\",\"client_id\":\"app\",\"type\":\"t\"}]", "x"})
    void refusesAFileThatHasNoConsents(String content) throws Exception {
        Files.writeString(Path.of(environment.get(ConsentStore.CONSENTS_FILE)), content);
        assertThatThrownBy(this::start)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(ConsentStore.CONSENTS_FILE);
    }

    private ConsentStoreServer start() {
        return ConsentStore.start(environment, new PrintStream(out, true, StandardCharsets.UTF_8));
    }
}
