package org.fapipack.testkit.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** A private key with its certificate. */
public record TlsIdentity(PrivateKey key, X509Certificate certificate) {

    /** The subject in RFC 2253 order, as Keycloak's {@code x509.subjectdn} attribute wants it. */
    public String subjectDn() {
        return certificate.getSubjectX500Principal().getName();
    }

    /** {@code x5t#S256} of the certificate (RFC 8705, section 3.1). */
    public String thumbprint() {
        return thumbprint(certificate);
    }

    /** {@code x5t#S256}: base64url, without padding, of the SHA-256 over the DER encoding. */
    public static String thumbprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "TlsIdentity[" + subjectDn() + "]";
    }
}
