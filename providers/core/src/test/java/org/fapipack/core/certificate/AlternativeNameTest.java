package org.fapipack.core.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.core.certificate.AlternativeName.DNS;
import static org.fapipack.core.certificate.AlternativeName.EMAIL;
import static org.fapipack.core.certificate.AlternativeName.IP;
import static org.fapipack.core.certificate.AlternativeName.URI;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlternativeNameTest {

    private static final X509Certificate CERTIFICATE = certificate(
            new GeneralName(GeneralName.dNSName, "App.example.com"),
            new GeneralName(GeneralName.dNSName, "*.wild.example.com"),
            new GeneralName(GeneralName.uniformResourceIdentifier, "https://App.example.com/Client/a%2fb?q=1"),
            new GeneralName(GeneralName.uniformResourceIdentifier, "urn:uuid:9f2b3a4c-0000-4000-8000-00000000abcd"),
            new GeneralName(GeneralName.uniformResourceIdentifier, "not a uri"),
            new GeneralName(GeneralName.iPAddress, "192.0.2.7"),
            new GeneralName(GeneralName.iPAddress, "2001:db8::7"),
            new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[16])),
            new GeneralName(GeneralName.rfc822Name, "Ops@Example.com"),
            new GeneralName(new X500Name("CN=directory.example.com")));

    @ParameterizedTest
    @CsvSource({
        "DNS, App.example.com",
        "DNS, app.EXAMPLE.com",
        "DNS, *.wild.example.com",
        "URI, https://App.example.com/Client/a%2fb?q=1",
        "URI, HTTPS://app.EXAMPLE.com/Client/a%2Fb?q=1",
        "URI, https://app.example.com/x/../Client/./a%2fb?q=1",
        "URI, urn:uuid:9f2b3a4c-0000-4000-8000-00000000abcd",
        "URI, URN:uuid:9f2b3a4c-0000-4000-8000-00000000abcd",
        "URI, not a uri",
        "IP, 192.0.2.7",
        "IP, 2001:db8::7",
        "IP, 2001:0DB8:0:0:0:0:0:0007",
        "IP, 2001:db8::0.0.0.7",
        "IP, ::",
        "EMAIL, Ops@Example.com",
        "EMAIL, Ops@EXAMPLE.COM"
    })
    void theRegisteredNameIsThere(AlternativeName form, String registered) {
        assertThat(form.isIn(CERTIFICATE, registered)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "DNS, example.com",
        "DNS, app.example.com.",
        "DNS, x.wild.example.com",
        "DNS, *.example.com",
        "DNS, ''",
        "DNS, ' '",
        "DNS, 'app.example.com '",
        "DNS, directory.example.com",
        "DNS, 192.0.2.7",
        "DNS, https://App.example.com/Client/a%2fb?q=1",
        "DNS, aPp\u212A.example.com",
        "URI, App.example.com",
        "URI, https://app.example.com/client/a%2fb?q=1",
        "URI, https://app.example.com/Client/a/b?q=1",
        "URI, https://app.example.com/Client/a%2fb?q=2",
        "URI, https://app.example.com:443/Client/a%2fb?q=1",
        "URI, https://app.example.com/Client/a%2fb",
        "URI, http://App.example.com/Client/a%2fb?q=1",
        "URI, urn:uuid:9F2B3A4C-0000-4000-8000-00000000ABCD",
        "URI, still not a uri",
        "IP, 192.0.2.8",
        "IP, 192.0.2.007",
        "IP, 192.0.519",
        "IP, 3221225991",
        "IP, 192.0.2.7/32",
        "IP, 0.0.0.0",
        "IP, ::ffff:192.0.2.7",
        "IP, '[2001:db8::7]'",
        "IP, 2001:db8::7%eth0",
        "IP, 2001:db8:::7",
        "IP, :",
        "IP, localhost",
        "IP, 2001:db8::8",
        "EMAIL, ops@example.com",
        "EMAIL, Ops@sub.example.com",
        "EMAIL, example.com",
        "EMAIL, @Example.com",
        "EMAIL, Ops"
    })
    void anotherNameIsNot(AlternativeName form, String registered) {
        assertThat(form.isIn(CERTIFICATE, registered)).isFalse();
    }

    @Test
    void aMappedAddressIsNoIpv4Address() {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 7};
        X509Certificate certificate = certificate(new GeneralName(GeneralName.iPAddress, new DEROctetString(mapped)));
        assertThat(IP.isIn(certificate, "::ffff:192.0.2.7")).isTrue();
        assertThat(IP.isIn(certificate, "::ffff:c000:207")).isTrue();
        assertThat(IP.isIn(certificate, "192.0.2.7")).isFalse();
    }

    @Test
    void aCertificateWithoutNamesHasNone() {
        X509Certificate bare = certificateWith(null);
        for (AlternativeName form : AlternativeName.values()) {
            assertThat(form.isIn(bare, "app.example.com")).isFalse();
        }
    }

    @Test
    void oddNamesHurtNobodyElse() {
        int[] nul = {'a', '.', 'e', 'x', 0, '.', 'e', 'v', 'i', 'l'};
        int[] notAscii = {'a', 0xe9};
        X509Certificate odd = certificate(
                odd(GeneralName.dNSName, nul),
                odd(GeneralName.dNSName, notAscii),
                new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[] {1, 2, 3})),
                odd(GeneralName.uniformResourceIdentifier));
        assertThat(DNS.isIn(odd, "a.ex")).isFalse();
        assertThat(DNS.isIn(odd, "a\uFFFD")).isFalse();
        assertThat(DNS.isIn(odd, "aé")).isFalse();
        assertThat(DNS.isIn(odd, "a.ex\u0000.evil")).isTrue();
        assertThat(IP.isIn(odd, "1.2.3.0")).isFalse();
        assertThat(URI.isIn(odd, "")).isFalse();
    }

    @Test
    void anExtensionThatIsNoListOfNamesMatchesNothing() {
        for (byte[] garbage : new byte[][] {
            {},
            {0x30},
            {0x30, 5},
            {0x30, 3, (byte) 0x82, 9, 'a'},
            {0x30, (byte) 0x80},
            {0x30, (byte) 0x84, 1, 1, 1, 1},
            {1, 1, 0}
        }) {
            X509Certificate certificate = certificateWith(garbage);
            for (AlternativeName form : AlternativeName.values()) {
                assertThat(form.isIn(certificate, "a")).isFalse();
            }
        }
    }

    @Test
    void aFormIsNotTakenForAnother() {
        assertThat(EMAIL.isIn(CERTIFICATE, "App.example.com")).isFalse();
        assertThat(URI.isIn(CERTIFICATE, "Ops@Example.com")).isFalse();
    }

    /** A name whose octets need not be what its form wants. */
    private static GeneralName odd(int form, int... octets) {
        byte[] value = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            value[i] = (byte) octets[i];
        }
        return new GeneralName(form, new DEROctetString(value));
    }

    private static X509Certificate certificate(GeneralName... names) {
        try {
            return certificateWith(new GeneralNames(names).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static X509Certificate certificateWith(byte[] alternativeNames) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair keys = generator.generateKeyPair();
            X500Principal subject = new X500Principal("CN=subject");
            JcaX509v3CertificateBuilder certificate = new JcaX509v3CertificateBuilder(
                    subject,
                    BigInteger.ONE,
                    Date.from(Instant.now()),
                    Date.from(Instant.now().plus(1, ChronoUnit.DAYS)),
                    subject,
                    keys.getPublic());
            if (alternativeNames != null) {
                certificate.addExtension(Extension.subjectAlternativeName, false, alternativeNames);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            certificate.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
