package org.fapipack.testkit.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A test certificate authority with the server's certificate.
 *
 * <p>Kept in a folder, so that a server that outlives this process can use the same files: {@code ca.pem}, {@code
 * server.pem}, {@code server-key.pem} (PKCS#8, the only form Keycloak's HTTP server reads), {@code client-trust.pem} and {@code ca.p12}. A CA with
 * less than a day left is replaced. Private keys have mode 600. Made at run time, for loopback only; never commit such a
 * folder.
 */
public final class TestPki {

    private static final String CA_SUBJECT = "CN=FAPI Pack Test CA";
    private static final String TWIN_SUBJECT = "CN=FAPI Pack Twin CA";
    private static final Duration RENEW_BEFORE_EXPIRY = Duration.ofDays(1);

    /** Tolerates a clock that was set back a little between two runs. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);

    /** Protects nothing: the folder's permissions do. PKCS#12 merely asks for one. */
    private static final char[] STORE_PASSWORD = "throwaway".toCharArray();

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private static final String CLIENT = "client";
    private static final String CLIENT_TRUST = "client-trust.pem";

    private final Path folder;
    private final TlsIdentity authority;
    private final TlsIdentity server;
    private final Map<PinnedClient, TlsIdentity> pinned;

    private TestPki(Path folder, TlsIdentity authority, TlsIdentity server, Map<PinnedClient, TlsIdentity> pinned) {
        this.folder = folder;
        this.authority = authority;
        this.server = server;
        this.pinned = pinned;
    }

    /** The authority kept in this folder; made anew when there is none, or when it expires soon. */
    public static synchronized TestPki in(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            Path store = absolute.resolve("ca.p12");
            if (Files.exists(store)) {
                TestPki kept = load(absolute, store);
                Instant end = kept.authority.certificate().getNotAfter().toInstant();
                // A folder of an older version knows fewer pinned clients.
                boolean complete = kept.pinned.size() == PinnedClient.values().length;
                if (complete && end.isAfter(Instant.now().plus(RENEW_BEFORE_EXPIRY))) {
                    Files.setPosixFilePermissions(store, OWNER_ONLY);
                    Files.setPosixFilePermissions(kept.serverKeyPem(), OWNER_ONLY);
                    return kept;
                }
            }
            return create(absolute, store);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or write TLS material in " + absolute, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make or read TLS material in " + absolute, e);
        }
    }

    /**
     * The view of a program that got its files from somebody else: it trusts this authority and serves with this identity,
     * but cannot issue, and has no folder.
     */
    public static TestPki of(X509Certificate authority, TlsIdentity server) {
        return new TestPki(null, new TlsIdentity(null, authority), server, Map.of());
    }

    private static TestPki load(Path folder, Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, STORE_PASSWORD);
        }
        Map<PinnedClient, TlsIdentity> pinned = new EnumMap<>(PinnedClient.class);
        for (PinnedClient client : PinnedClient.values()) {
            if (store.containsAlias(alias(client))) {
                pinned.put(client, identity(store, alias(client)));
            }
        }
        return new TestPki(folder, identity(store, "ca"), identity(store, "server"), pinned);
    }

    private static String alias(PinnedClient client) {
        return client.name().toLowerCase(Locale.ROOT);
    }

    private static TlsIdentity identity(KeyStore store, String alias) throws GeneralSecurityException {
        return new TlsIdentity(
                (PrivateKey) store.getKey(alias, STORE_PASSWORD), (X509Certificate) store.getCertificate(alias));
    }

    private static TestPki create(Path folder, Path file) throws IOException, GeneralSecurityException {
        TlsIdentity authority = newAuthority(CA_SUBJECT);
        TlsIdentity twin = newAuthority(TWIN_SUBJECT);
        TestPki pki = new TestPki(
                folder,
                authority,
                issue(CertificateDraft.of("CN=localhost"), newKeyPair(), authority),
                pinnedClients(authority, twin));
        Files.createDirectories(folder);
        writePem(folder.resolve("ca.pem"), pki.authority.certificate());
        writePem(folder.resolve("server.pem"), pki.server.certificate());
        makeOwnerOnly(folder.resolve("server-key.pem"));
        writePem(folder.resolve("server-key.pem"), new JcaPKCS8Generator(pki.server.key(), null));
        writePem(
                folder.resolve(CLIENT_TRUST),
                Stream.concat(pki.pinned.values().stream(), Stream.of(twin, newAuthority(TWIN_SUBJECT)))
                        .map(TlsIdentity::certificate)
                        .toArray());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("ca", authority.key(), STORE_PASSWORD, new Certificate[] {authority.certificate()});
        store.setKeyEntry("server", pki.server.key(), STORE_PASSWORD, new Certificate[] {pki.server.certificate()});
        for (Map.Entry<PinnedClient, TlsIdentity> client : pki.pinned.entrySet()) {
            TlsIdentity identity = client.getValue();
            store.setKeyEntry(
                    alias(client.getKey()), identity.key(), STORE_PASSWORD, new Certificate[] {identity.certificate()});
        }
        makeOwnerOnly(file);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, STORE_PASSWORD);
        }
        return pki;
    }

    private static TlsIdentity newAuthority(String subjectDn) {
        KeyPair keys = newKeyPair();
        return new TlsIdentity(
                keys.getPrivate(),
                sign(CertificateDraft.of(subjectDn), keys.getPublic(), true, subjectDn, keys.getPrivate()));
    }

    private static Map<PinnedClient, TlsIdentity> pinnedClients(TlsIdentity authority, TlsIdentity twin) {
        CertificateDraft draft = CertificateDraft.of("CN=self-signed");
        KeyPair keys = newKeyPair();
        TlsIdentity impostor = new TlsIdentity(newKeyPair().getPrivate(), authority.certificate());
        return new EnumMap<>(Map.of(
                PinnedClient.SELF_SIGNED, selfSigned(draft, keys),
                PinnedClient.SELF_SIGNED_RENEWED, selfSigned(draft, keys),
                PinnedClient.SELF_SIGNED_NAMESAKE, selfSigned(draft, newKeyPair()),
                PinnedClient.SELF_SIGNED_EXPIRED, selfSigned(draft.expired(), newKeyPair()),
                PinnedClient.ISSUED_EXPIRED,
                        issue(CertificateDraft.of("CN=expired").expired(), newKeyPair(), authority),
                PinnedClient.ISSUED_BY_IMPOSTOR, issue(CertificateDraft.of("CN=forged"), newKeyPair(), impostor),
                PinnedClient.ISSUED_BY_TWIN, issue(CertificateDraft.of("CN=twin-born"), newKeyPair(), twin)));
    }

    /** A client certificate from this authority, for example {@code CN=demo-mtls,O=Example}. */
    public TlsIdentity issue(String subjectDn) {
        return issue(CertificateDraft.of(subjectDn));
    }

    /** A client certificate from this authority. */
    public TlsIdentity issue(CertificateDraft draft) {
        return issue(draft, newKeyPair());
    }

    /** A client certificate from this authority for a key of any kind. */
    public TlsIdentity issue(CertificateDraft draft, KeyPair keys) {
        return issue(draft, keys, authority);
    }

    /** A certificate that only its own key vouches for; no server lets it in. */
    public static TlsIdentity selfSigned(String subjectDn) {
        return selfSigned(CertificateDraft.of(subjectDn), newKeyPair());
    }

    /** A client certificate that a server lets in which trusts {@link #clientTrustPem()}. */
    public TlsIdentity pinned(PinnedClient client) {
        return pinned.get(client);
    }

    private static TlsIdentity selfSigned(CertificateDraft draft, KeyPair keys) {
        return new TlsIdentity(
                keys.getPrivate(), sign(draft, keys.getPublic(), false, draft.subjectDn(), keys.getPrivate()));
    }

    private static TlsIdentity issue(CertificateDraft draft, KeyPair keys, TlsIdentity authority) {
        return new TlsIdentity(
                keys.getPrivate(), sign(draft, keys.getPublic(), false, authority.subjectDn(), authority.key()));
    }

    public TlsIdentity server() {
        return server;
    }

    public X509Certificate caCertificate() {
        return authority.certificate();
    }

    public Path folder() {
        return folder;
    }

    public Path caPem() {
        return folder.resolve("ca.pem");
    }

    /** The {@link PinnedClient}s' certificates and two authorities of one name, for the truststore of a server that asks clients for certificates. */
    public Path clientTrustPem() {
        return folder.resolve(CLIENT_TRUST);
    }

    public Path serverPem() {
        return folder.resolve("server.pem");
    }

    public Path serverKeyPem() {
        return folder.resolve("server-key.pem");
    }

    /** Trusts this authority and presents no certificate. */
    public SSLContext sslContext() {
        return sslContext(null, trustManagers());
    }

    /**
     * Trusts this authority and presents the identity whenever a server asks for a client certificate, even when the
     * server's list of accepted issuers does not name its issuer: tests must be able to present a wrong one.
     */
    public SSLContext sslContext(TlsIdentity identity) {
        return sslContext(new KeyManager[] {new OneIdentity(identity)}, trustManagers());
    }

    /** For a server of ours: presents the server's certificate, judges client certificates by the given managers. */
    public SSLContext serverContext(TrustManager... clientTrust) {
        return sslContext(new KeyManager[] {new OneIdentity(server)}, clientTrust);
    }

    private static SSLContext sslContext(KeyManager[] keys, TrustManager[] trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private TrustManager[] trustManagers() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("ca", authority.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate sign(
            CertificateDraft draft, PublicKey key, boolean isAuthority, String issuer, PrivateKey issuerKey) {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder certificate = new JcaX509v3CertificateBuilder(
                new X500Principal(issuer),
                new BigInteger(120, new SecureRandom()).setBit(0),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(draft.lifetime())),
                new X500Principal(draft.subjectDn()),
                key);
        try {
            certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
            certificate.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(isAuthority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
            if (!isAuthority) {
                certificate.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(draft.alternativeNames().toArray(GeneralName[]::new)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(certificate.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey)));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a certificate for " + draft.subjectDn(), e);
        }
    }

    /** An empty file that nobody else may read, before anything is in it. */
    private static void makeOwnerOnly(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }

    private static void writePem(Path file, Object... objects) throws IOException {
        try (Writer text = Files.newBufferedWriter(file);
                JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object pem : objects) {
                writer.writeObject(pem);
            }
        }
    }

    /** Presents one identity, whatever the peer says it prefers. */
    private static final class OneIdentity extends X509ExtendedKeyManager {

        private final TlsIdentity identity;

        OneIdentity(TlsIdentity identity) {
            this.identity = identity;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {CLIENT};
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return CLIENT;
        }

        @Override
        public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return CLIENT;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {CLIENT};
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return CLIENT;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return CLIENT;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {identity.certificate()};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return identity.key();
        }
    }
}
