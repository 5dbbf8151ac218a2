package org.fapipack.introspection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.fapipack.core.jose.FapiAlgorithms;
import org.keycloak.common.util.SecretGenerator;
import org.keycloak.crypto.CekManagementProvider;
import org.keycloak.crypto.ContentEncryptionProvider;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.crypto.SignatureSignerContext;
import org.keycloak.jose.jwe.JWEException;
import org.keycloak.jose.jwk.JWK;
import org.keycloak.jose.jws.JWSBuilder;
import org.keycloak.keys.PublicKeyStorageProvider;
import org.keycloak.keys.PublicKeyStorageUtils;
import org.keycloak.keys.loader.ClientPublicKeyLoader;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.util.JsonSerialization;
import org.keycloak.util.TokenUtil;

/**
 * Turns a {@code token_introspection} object into the JWT of RFC 9701 for one resource server: signed by the realm, then, where the
 * resource server registered it, encrypted to its key.
 *
 * <p>All keys are found when the encoder is made, before anything about the token is known; a missing key is an
 * {@link IllegalStateException} there, so an answer is never weaker than registered.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9701.html#section-5">RFC 9701 section 5</a>
 */
final class IntrospectionResponseEncoder {

    /** The value of the {@code typ} header; keeps the response from passing as any other JWT. */
    private static final String TYPE = "token-introspection+jwt";

    private final KeycloakSession session;
    private final ResourceServerMetadata metadata;
    private final SignatureSignerContext signer;
    private final KeyWrapper recipientKey;

    /**
     * @throws IllegalStateException if the realm has no key for the algorithm, or the resource server publishes no usable encryption key
     */
    IntrospectionResponseEncoder(KeycloakSession session, ClientModel resourceServer, ResourceServerMetadata metadata) {
        this.session = session;
        this.metadata = metadata;
        this.signer = signer();
        this.recipientKey = metadata.encryptedResponseAlg()
                .map(alg -> recipientKey(resourceServer, alg))
                .orElse(null);
    }

    /**
     * Encodes one response.
     *
     * @param issuer the realm's issuer identifier
     * @param audience the {@code client_id} the resource server authenticated with
     * @param tokenIntrospection what is said about the token
     * @param issuedAt when this response is made, to the second
     * @return compact serialisation: three parts, or five when encrypted
     */
    String encode(String issuer, String audience, ObjectNode tokenIntrospection, Instant issuedAt) {
        // No sub and no exp at the top: with them the response might pass as an access token (RFC 9701 section 5).
        ObjectNode claims = JsonSerialization.mapper
                .createObjectNode()
                .put("iss", issuer)
                .put("aud", audience)
                .put("iat", issuedAt.getEpochSecond())
                .put("jti", SecretGenerator.getInstance().generateSecureID())
                .set("token_introspection", tokenIntrospection);
        String jws = new JWSBuilder().type(TYPE).jsonContent(claims).sign(signer);
        return recipientKey == null ? jws : encrypt(jws);
    }

    private SignatureSignerContext signer() {
        SignatureProvider provider = session.getProvider(SignatureProvider.class, metadata.signedResponseAlg());
        if (provider == null) {
            throw new IllegalStateException("no signature provider for " + metadata.signedResponseAlg());
        }
        try {
            return provider.signer();
        } catch (RuntimeException noKey) {
            throw new IllegalStateException("the realm has no active " + metadata.signedResponseAlg() + " key", noKey);
        }
    }

    /** The resource server's encryption key of the right type; a key that names an algorithm must name this one (RFC 7517 section 4.4). */
    // Keycloak's own key loader takes nothing but the deprecated enum.
    @SuppressWarnings("deprecation")
    private KeyWrapper recipientKey(ClientModel resourceServer, String alg) {
        String cacheKey = PublicKeyStorageUtils.getClientModelCacheKey(
                resourceServer.getRealm().getId(), resourceServer.getId(), JWK.Use.ENCRYPTION);
        KeyWrapper key;
        try {
            key = session.getProvider(PublicKeyStorageProvider.class)
                    .getFirstPublicKey(
                            cacheKey,
                            candidate -> FapiAlgorithms.keyTypeFor(alg).equals(candidate.getType())
                                    && (candidate.getAlgorithm() == null
                                            || candidate.getAlgorithm().equals(alg)),
                            new ClientPublicKeyLoader(session, resourceServer, JWK.Use.ENCRYPTION));
        } catch (RuntimeException unreachable) {
            throw new IllegalStateException("the keys of the resource server cannot be loaded", unreachable);
        }
        if (key == null || key.getPublicKey() == null) {
            throw new IllegalStateException("the resource server publishes no encryption key for " + alg);
        }
        return key;
    }

    private String encrypt(String jws) {
        String alg = metadata.encryptedResponseAlg().orElseThrow();
        String enc = metadata.encryptedResponseEnc();
        try {
            return TokenUtil.jweKeyEncryptionEncode(
                    recipientKey.getPublicKey(),
                    jws.getBytes(StandardCharsets.UTF_8),
                    alg,
                    enc,
                    recipientKey.getKid(),
                    session.getProvider(CekManagementProvider.class, alg).jweAlgorithmProvider(),
                    session.getProvider(ContentEncryptionProvider.class, enc).jweEncryptionProvider());
        } catch (JWEException unusableKey) {
            throw new IllegalStateException(
                    "the response cannot be encrypted to the resource server's key", unusableKey);
        }
    }
}
