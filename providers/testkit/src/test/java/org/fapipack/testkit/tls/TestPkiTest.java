package org.fapipack.testkit.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SignatureException;
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
