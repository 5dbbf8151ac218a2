package org.fapipack.demo.api;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fapipack.testkit.tls.TlsIdentity;

/** Reads what TLS needs from PEM files. */
final class PemFiles {

    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private static final byte[] SAMPLE = "does the key belong to the certificate".getBytes(US_ASCII);

    private PemFiles() {}

    /** The first certificate of a file. */
    static X509Certificate certificate(String setting, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException e) {
            throw unreadable(setting, file);
        } catch (GeneralSecurityException e) {
            throw new SettingsException(setting + ": no PEM certificate in " + file);
        }
    }

    /** A certificate and its EC or RSA key in PKCS#8, which must belong together. */
    static TlsIdentity identity(String certificateSetting, Path certificateFile, String keySetting, Path keyFile) {
        X509Certificate certificate = certificate(certificateSetting, certificateFile);
        PublicKey publicKey = certificate.getPublicKey();
        String text;
        try {
            text = Files.readString(keyFile, US_ASCII);
        } catch (IOException e) {
            throw unreadable(keySetting, keyFile);
        }
        Matcher pem = PKCS8.matcher(text);
        if (!pem.find()) {
            throw new SettingsException(keySetting + ": no unencrypted PKCS#8 key (PEM) in " + keyFile);
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
            PrivateKey key =
                    KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(der));
            if (!belongsTo(key, publicKey)) {
                throw new SettingsException(keySetting + ": the key does not belong to the certificate");
            }
            return new TlsIdentity(key, certificate);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new SettingsException(
                    keySetting + ": no " + publicKey.getAlgorithm() + " key, as the certificate needs, in " + keyFile);
        }
    }

    private static boolean belongsTo(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        String algorithm = publicKey.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(SAMPLE);
        return signature.verify(signed);
    }

    static SettingsException unreadable(String setting, Path file) {
        return new SettingsException(setting + ": cannot read " + file);
    }
}
