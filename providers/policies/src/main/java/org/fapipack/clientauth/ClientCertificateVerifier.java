package org.fapipack.clientauth;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.fapipack.core.certificate.DistinguishedName;
import org.fapipack.core.jose.SignatureKeys;
import org.jboss.logging.Logger;
import org.keycloak.authentication.authenticators.client.X509ClientAuthenticator;
import org.keycloak.authentication.authenticators.x509.CertificateValidator;
import org.keycloak.common.util.Time;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.truststore.TruststoreProvider;

/**
 * Verifies that the certificate of a TLS connection is the one a client registered. That the client has the private key is known from the
 * handshake.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705.html#section-2">RFC 8705 section 2</a>
 */
final class ClientCertificateVerifier {

    private static final Logger LOG = Logger.getLogger(ClientCertificateVerifier.class);

    private final KeycloakSession session;
    private final RealmModel realm;
    private final ClientModel client;

    ClientCertificateVerifier(KeycloakSession session, RealmModel realm, ClientModel client) {
        this.session = session;
        this.realm = realm;
        this.client = client;
    }

    /**
     * The first defect, empty when the certificate authenticates the client.
     *
     * @param chain the client's certificate first
     * @param method one of the two methods by mutual TLS
     */
    Optional<ClientCertificateDefect> firstDefect(X509Certificate[] chain, ClientAuthenticationMethod method) {
        return fitnessDefect(chain[0])
                .or(() -> method == ClientAuthenticationMethod.SELF_SIGNED_TLS_CLIENT_AUTH
                        ? keyDefect(chain[0])
                        : subjectDefect(chain[0]).or(() -> issuerDefect(chain)));
    }

    private static Optional<ClientCertificateDefect> fitnessDefect(X509Certificate certificate) {
        Instant now = Instant.ofEpochMilli(Time.currentTimeMillis());
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            return defect("certificate_expired", "the client certificate has expired");
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            return defect("certificate_not_yet_valid", "the client certificate is not valid yet");
        }
        return SignatureKeys.areTooShort(certificate.getPublicKey())
                ? defect(
                        "certificate_key_too_short",
                        "the key of the client certificate must have %d bits (RSA) or %d bits (EC) at least"
                                .formatted(SignatureKeys.MIN_RSA_BITS, SignatureKeys.MIN_EC_BITS))
                : Optional.empty();
    }

    private Optional<ClientCertificateDefect> keyDefect(X509Certificate certificate) {
        return new RegisteredKeys(session, realm, client)
                .vouchFor(certificate)
                .map(registered -> registered ? Optional.<ClientCertificateDefect>empty() : notTheRegisteredOne())
                .orElseGet(() -> defect("keys_not_available", "the keys of the client cannot be loaded"));
    }

    private Optional<ClientCertificateDefect> subjectDefect(X509Certificate certificate) {
        List<RegisteredSubject> registered = Arrays.stream(RegisteredSubject.values())
                .filter(subject -> isSaid(client.getAttribute(subject.attribute())))
                .toList();
        if (registered.size() != 1) {
            return defect(
                    registered.isEmpty() ? "subject_not_registered" : "several_subjects_registered",
                    "the client must have registered one subject of its certificate, a distinguished name or one alternative name");
        }
        if (Boolean.parseBoolean(client.getAttribute(X509ClientAuthenticator.ATTR_ALLOW_REGEX_PATTERN_COMPARISON))) {
            return defect(
                    "subject_is_pattern", "the client must have registered a subject, not a pattern for subjects");
        }
        RegisteredSubject subject = registered.get(0);
        return subject.isThatOf(certificate, client.getAttribute(subject.attribute()))
                ? Optional.empty()
                : notTheRegisteredOne();
    }

    /**
     * As in stock Keycloak, the TLS listener or the proxy vouches for the chain unless the client registered its authority. What vouches for
     * itself only is never good: a listener that lets such a certificate in does so for {@code self_signed_tls_client_auth}.
     */
    private Optional<ClientCertificateDefect> issuerDefect(X509Certificate[] chain) {
        if (isSelfSigned(chain[0])) {
            return defect("certificate_self_signed", "the client certificate must come from a certification authority");
        }
        String registered = client.getAttribute(X509ClientAuthenticator.ATTR_CA_SUBJECT_DN);
        if (!isSaid(registered)) {
            return Optional.empty();
        }
        Optional<X509Certificate> authority = authority(chain);
        if (authority.isEmpty()) {
            return defect(
                    "issuer_not_trusted", "the client certificate must come from a trusted certification authority");
        }
        if (hasNamesake(authority.get())) {
            return defect(
                    "issuer_ambiguous",
                    "the server trusts several certification authorities of the name that the client registered");
        }
        Optional<DistinguishedName> expected = DistinguishedName.parse(registered);
        return expected.isPresent()
                        && expected.equals(DistinguishedName.of(authority.get().getSubjectX500Principal()))
                ? Optional.empty()
                : defect(
                        "issuer_not_registered",
                        "the client certificate must come from the certification authority that the client registered");
    }

    /** A client registers its authority by name, so that name must stand for one key. */
    private boolean hasNamesake(X509Certificate authority) {
        TruststoreProvider truststore = session.getProvider(TruststoreProvider.class);
        return Stream.of(truststore.getHttpsRootCertificates(), truststore.getHttpsIntermediateCertificates())
                .flatMap(certificates ->
                        certificates.getOrDefault(authority.getSubjectX500Principal(), List.of()).stream())
                .anyMatch(other -> !other.getPublicKey().equals(authority.getPublicKey()));
    }

    private static boolean isSelfSigned(X509Certificate certificate) {
        if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException signedByAnother) {
            return false;
        }
    }

    /** The authority in Keycloak's truststore that the chain leads to. */
    private Optional<X509Certificate> authority(X509Certificate[] chain) {
        try {
            CertificateValidator validator = new CertificateValidator.CertificateValidatorBuilder()
                    .session(session)
                    .trustValidation()
                    .enabled(true)
                    .timestampValidation()
                    .enabled(true)
                    .build(chain);
            validator.checkRevocationStatus().validateTimestamps().validateTrust();
            return Optional.of(
                    validator.getCertPathBuilderResult().getTrustAnchor().getTrustedCert());
        } catch (GeneralSecurityException | RuntimeException notTrusted) {
            LOG.debugf(notTrusted, "The certificate of client %s is not trusted", client.getClientId());
            return Optional.empty();
        }
    }

    private static boolean isSaid(String attribute) {
        return attribute != null && !attribute.isBlank();
    }

    private static Optional<ClientCertificateDefect> notTheRegisteredOne() {
        return defect("credentials_wrong", "the client certificate is not the one that the client registered");
    }

    private static Optional<ClientCertificateDefect> defect(String reason, String description) {
        return Optional.of(new ClientCertificateDefect(reason, description));
    }
}
