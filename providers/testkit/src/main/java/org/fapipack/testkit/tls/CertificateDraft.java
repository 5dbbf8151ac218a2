package org.fapipack.testkit.tls;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * What a certificate is to say about its owner. Immutable.
 *
 * @param subjectDn in RFC 2253 order; attribute types the JDK has no name for by their object identifiers, {@code 2.5.4.97=...}
 * @param alternativeNames the subject's alternative names; those of this machine unless there are others
 * @param lifetime from now; less than nothing for a certificate that has expired
 */
public record CertificateDraft(String subjectDn, List<GeneralName> alternativeNames, Duration lifetime) {

    private static final List<GeneralName> THIS_MACHINE = List.of(
            new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1"));

    static final Duration LIFETIME = Duration.ofDays(30);

    public static CertificateDraft of(String subjectDn) {
        return new CertificateDraft(subjectDn, THIS_MACHINE, LIFETIME);
    }

    public CertificateDraft dnsName(String name) {
        return with(GeneralName.dNSName, name);
    }

    public CertificateDraft uri(String uri) {
        return with(GeneralName.uniformResourceIdentifier, uri);
    }

    public CertificateDraft ipAddress(String address) {
        return with(GeneralName.iPAddress, address);
    }

    public CertificateDraft emailAddress(String address) {
        return with(GeneralName.rfc822Name, address);
    }

    /** The same, but of the past. */
    CertificateDraft expired() {
        return new CertificateDraft(subjectDn, alternativeNames, Duration.ofMinutes(-1));
    }

    private CertificateDraft with(int form, String name) {
        List<GeneralName> earlier = alternativeNames.equals(THIS_MACHINE) ? List.of() : alternativeNames;
        return new CertificateDraft(
                subjectDn,
                Stream.concat(earlier.stream(), Stream.of(new GeneralName(form, name)))
                        .toList(),
                lifetime);
    }
}
