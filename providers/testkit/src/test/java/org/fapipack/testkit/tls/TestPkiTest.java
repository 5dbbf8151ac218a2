package org.fapipack.testkit.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SignatureException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestPkiTest {

    @TempDir
    Path folder;

    @Test
    void keepsItsAuthorityInItsFolder() throws Exception {
        TestPki first = TestPki.in(folder.resolve("tls"));
        TestPki second = TestPki.in(folder.resolve("tls"));

        assertThat(second.caCertificate()).isEqualTo(first.caCertificate());
        assertThat(second.server().certificate()).isEqualTo(first.server().certificate());
        assertThat(Files.readString(first.caPem())).startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(Files.readString(first.serverKeyPem())).startsWith("-----BEGIN " + "PRIVATE KEY-----");
    }

    @Test
    void keepsItsPinnedClientsInItsFolder() throws Exception {
        TestPki first = TestPki.in(folder.resolve("tls"));
        TestPki second = TestPki.in(folder.resolve("tls"));

        for (PinnedClient client : PinnedClient.values()) {
            assertThat(second.pinned(client).certificate())
                    .isEqualTo(first.pinned(client).certificate());
        }
        assertThat(Files.readString(first.clientTrustPem()).split("BEGIN CERTIFICATE", -1))
                .as("what is before the first, the clients, and the two authorities of one name")
                .hasSize(1 + PinnedClient.values().length + 2);
        assertThat(first.pinned(PinnedClient.SELF_SIGNED_RENEWED).certificate().getPublicKey())
                .isEqualTo(first.pinned(PinnedClient.SELF_SIGNED).certificate().getPublicKey());
        assertThat(first.pinned(PinnedClient.SELF_SIGNED_NAMESAKE).certificate().getPublicKey())
                .isNotEqualTo(
                        first.pinned(PinnedClient.SELF_SIGNED).certificate().getPublicKey());
        assertThatThrownBy(() ->
                        first.pinned(PinnedClient.ISSUED_EXPIRED).certificate().checkValidity())
                .isInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void issuesCertificatesWithTheGivenAlternativeNames() throws Exception {
        TestPki pki = TestPki.in(folder.resolve("tls"));

        assertThat(pki.issue("CN=client").certificate().getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(List.of(2, "localhost"), List.of(7, "127.0.0.1"));
        assertThat(pki.issue(CertificateDraft.of("CN=client")
                                .dnsName("app.example.com")
                                .emailAddress("ops@example.com"))
                        .certificate()
                        .getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(List.of(2, "app.example.com"), List.of(1, "ops@example.com"));
    }

    @Test
    void issuesCertificatesWithTheGivenSubject() throws Exception {
        TestPki pki = TestPki.in(folder.resolve("tls"));

        TlsIdentity identity = pki.issue("CN=client,O=Example");

        assertThat(identity.subjectDn()).isEqualTo("CN=client,O=Example");
        identity.certificate().verify(pki.caCertificate().getPublicKey());
        assertThat(identity.thumbprint())
                .hasSize(43)
                .isNotEqualTo(pki.issue("CN=client,O=Example").thumbprint());
    }

    @Test
    void selfSignedIsNotFromTheAuthority() throws Exception {
        TlsIdentity identity = TestPki.selfSigned("CN=alone");

        identity.certificate().verify(identity.certificate().getPublicKey());
        assertThatThrownBy(() -> identity.certificate()
                        .verify(TestPki.in(folder.resolve("tls"))
                                .caCertificate()
                                .getPublicKey()))
                .isInstanceOf(SignatureException.class);
    }
}
