package org.fapipack.clientauth;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.fapipack.core.certificate.AlternativeName;
import org.fapipack.core.certificate.DistinguishedName;
import org.keycloak.authentication.authenticators.client.X509ClientAuthenticator;

/**
 * What a client can register as the subject of its certificate, by the attribute that Keycloak keeps it in.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2">RFC 8705 section 2.1.2</a>
 */
enum RegisteredSubject {
    DISTINGUISHED_NAME(X509ClientAuthenticator.ATTR_SUBJECT_DN),
    DNS_NAME("tls.client.auth.san.dns"),
    URI("tls.client.auth.san.uri"),
    IP_ADDRESS("tls.client.auth.san.ip"),
    EMAIL_ADDRESS("tls.client.auth.san.email");

    private final String attribute;

    RegisteredSubject(String attribute) {
        this.attribute = attribute;
    }

    String attribute() {
        return attribute;
    }

    boolean isThatOf(X509Certificate certificate, String registered) {
        return switch (this) {
            case DISTINGUISHED_NAME -> isSubject(certificate, registered);
            case DNS_NAME -> AlternativeName.DNS.isIn(certificate, registered);
            case URI -> AlternativeName.URI.isIn(certificate, registered);
            case IP_ADDRESS -> AlternativeName.IP.isIn(certificate, registered);
            case EMAIL_ADDRESS -> AlternativeName.EMAIL.isIn(certificate, registered);
        };
    }

    private static boolean isSubject(X509Certificate certificate, String registered) {
        Optional<DistinguishedName> expected = DistinguishedName.parse(registered);
        return expected.isPresent() && expected.equals(DistinguishedName.of(certificate.getSubjectX500Principal()));
    }
}
