package org.fapipack.consent.remote;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import org.fapipack.consent.remote.StoreFailure.Kind;
import org.fapipack.core.jose.FapiAlgorithms;
import org.keycloak.common.util.SecretGenerator;
import org.keycloak.common.util.Time;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.crypto.SignatureSignerContext;
import org.keycloak.jose.jws.JWSBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.Urls;
import org.keycloak.urls.UrlType;
import org.keycloak.util.JsonSerialization;

/**
 * Says who calls a store: a JWT that is good for one call, with its method, address and body, for half a minute. Signed with a key of the
 * realm, which the store finds where clients do.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523.html">RFC 7523</a>, for the idea
 */
final class CallAssertion {

    private static final String TYPE = "consent-call+jwt";
    private static final int SECONDS = 30;

    private final String issuer;
    private final SignatureSignerContext signer;

    /** @throws StoreFailure if the realm has no key for a FAPI algorithm */
    CallAssertion(KeycloakSession session, String issuer) throws StoreFailure {
        this.issuer = issuer;
        this.signer = signer(session, session.getContext().getRealm().getDefaultSignatureAlgorithm());
    }

    /** The realm of a request, as clients know it. */
    static String issuer(KeycloakSession session) {
        return Urls.realmIssuer(
                session.getContext().getUri(UrlType.FRONTEND).getBaseUri(),
                session.getContext().getRealm().getName());
    }

    private static SignatureSignerContext signer(KeycloakSession session, String preferred) throws StoreFailure {
        String algorithm = FapiAlgorithms.SIGNATURE.contains(preferred) ? preferred : FapiAlgorithms.DEFAULT_SIGNATURE;
        try {
            return session.getProvider(SignatureProvider.class, algorithm).signer();
        } catch (RuntimeException noKey) {
            throw new StoreFailure(Kind.STORE_NO_SIGNING_KEY, noKey);
        }
    }

    /** The value of the header {@code Authorization}. */
    String of(StoreCall call, String audience) {
        long now = Time.currentTimeMillis() / 1000;
        return "Bearer "
                + new JWSBuilder()
                        .type(TYPE)
                        .jsonContent(JsonSerialization.mapper.valueToTree(Map.of(
                                "iss",
                                issuer,
                                "sub",
                                issuer,
                                "aud",
                                audience,
                                "jti",
                                SecretGenerator.getInstance().generateSecureID(),
                                "iat",
                                now,
                                "exp",
                                now + SECONDS,
                                "htm",
                                call.method(),
                                "htu",
                                call.uri().toString(),
                                "body_sha256",
                                sha256(call.body()))))
                        .sign(signer);
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Base64url, without padding. */
    static String sha256(byte[] bytes) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
