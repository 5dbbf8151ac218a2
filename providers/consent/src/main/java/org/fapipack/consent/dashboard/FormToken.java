package org.fapipack.consent.dashboard;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.fapipack.consent.StoredConsent;
import org.keycloak.common.VerificationException;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.crypto.SignatureSignerContext;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;

/**
 * What a form carries to show that it comes from our page: a MAC with the realm's key over the customer's session, the consent, and the version of
 * it that was shown. No other site can know it; it is good in no other session and for no other consent. Nothing is stored, so every node knows it.
 */
final class FormToken {

    /** What is signed elsewhere with this key has no line feed. */
    private static final String PURPOSE = "fapi-my-consents/revoke\n";

    private static final int PARTS = 3;

    private final KeycloakSession session;
    private final Customer customer;

    FormToken(KeycloakSession session, Customer customer) {
        this.session = session;
        this.customer = customer;
    }

    /** The token for the consent as it is shown. */
    String of(StoredConsent consent) {
        SignatureSignerContext signer = keys().signer();
        return consent.version()
                + "."
                + encode(signer.getKid().getBytes(StandardCharsets.UTF_8))
                + '.'
                + encode(signer.sign(text(consent.id(), consent.version())));
    }

    /** The version of the consent that the customer was shown; empty when the form does not come from our page. */
    Optional<Integer> shownVersion(String sent, String consentId) {
        String[] parts = sent.split("\\.", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            int version = Integer.parseInt(parts[0]);
            String key = new String(decode(parts[1]), StandardCharsets.UTF_8);
            return keys().verifier(key).verify(text(consentId, version), decode(parts[2]))
                    ? Optional.of(version)
                    : Optional.empty();
        } catch (VerificationException | IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private SignatureProvider keys() {
        return session.getProvider(SignatureProvider.class, Constants.INTERNAL_SIGNATURE_ALGORITHM);
    }

    private byte[] text(String consentId, int version) {
        return (PURPOSE + customer.session().getId() + '\n' + version + '\n' + consentId)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
