package org.fapipack.consent;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.AccessToken;

/**
 * What ties a code and its tokens to one consent. A customer's session with a client is one for many consents, so nothing that is noted there
 * can tell them apart: a code has the consent in its scope, tokens have it in the claim {@link #CLAIM}.
 */
public final class ConsentBinding {

    /** Of access tokens and refresh tokens: the id of the consent. */
    public static final String CLAIM = "consent_id";

    /** Of the same tokens: which time of the consent in force they are for; missing is none. */
    public static final String GRANT_CLAIM = "consent_grant";

    /** No client can request such a scope, because none has it. */
    private static final String SCOPE_PREFIX = "fapi-consent:";

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final int NEVER = -1;

    private static final String ATTRIBUTE = ConsentBinding.class.getName();
    private static final String DEMAND = ATTRIBUTE + ".demand";

    private ConsentBinding() {}

    /**
     * What a code or a token is for: a consent, at one of the times it is in force. What has ended and is agreed to anew is another grant.
     *
     * @param number how often the consent had come into force
     */
    record Grant(String consentId, int number) {}

    /** The scope parameter of a code: what was granted, and the consent. */
    public static String scope(Set<String> granted, StoredConsent consent) {
        return scope(granted, consent.id(), consent.grant());
    }

    /** The same for a consent that is to come into force; this is what number that time will have. */
    static String scope(Set<String> granted, String consentId, int number) {
        return Stream.concat(granted.stream(), Stream.of(SCOPE_PREFIX + number + ':' + consentId))
                .collect(Collectors.joining(" "));
    }

    /** The consent in the scope parameter of a code; null is none. */
    static Optional<Grant> inScope(String scope) {
        return scope == null
                ? Optional.empty()
                : Arrays.stream(scope.split(" ", -1))
                        .filter(ConsentBinding::isOne)
                        .map(value -> grant(value.substring(SCOPE_PREFIX.length())))
                        .findFirst();
    }

    private static Grant grant(String value) {
        int colon = value.indexOf(':');
        return colon > 0 && NUMBER.matcher(value.substring(0, colon)).matches()
                ? new Grant(value.substring(colon + 1), Integer.parseInt(value.substring(0, colon)))
                : new Grant(value, NEVER);
    }

    /** The consent in the claims of a genuine token. */
    static Optional<Grant> inToken(AccessToken token) {
        return token.getOtherClaims().get(CLAIM) instanceof String id
                ? Optional.of(new Grant(
                        id, token.getOtherClaims().get(GRANT_CLAIM) instanceof Number number ? number.intValue() : 0))
                : Optional.empty();
    }

    /** Whether the claims of a token are as {@link #bind} writes them. */
    static boolean isOurs(AccessToken token) {
        return token.getOtherClaims().get(CLAIM) instanceof String
                && token.getOtherClaims().get(GRANT_CLAIM) instanceof Number;
    }

    /** Writes the consent into a token. */
    public static void bind(AccessToken token, StoredConsent consent) {
        token.setOtherClaims(CLAIM, consent.id());
        token.setOtherClaims(GRANT_CLAIM, consent.grant());
    }

    /** Whether a scope is not a scope but the consent of a code. */
    static boolean isOne(String scope) {
        return scope.startsWith(SCOPE_PREFIX);
    }

    /** Notes which consent the tokens of this request are for. */
    public static void use(KeycloakSession session, StoredConsent consent) {
        session.setAttribute(ATTRIBUTE, consent);
    }

    /** Notes that there are no tokens in this request without a consent. */
    static void demand(KeycloakSession session) {
        session.setAttribute(DEMAND, true);
    }

    static boolean isDemanded(KeycloakSession session) {
        return session.getAttribute(DEMAND) != null;
    }

    /** The consent that the tokens of this request are for. */
    public static Optional<StoredConsent> ofRequest(KeycloakSession session) {
        return Optional.ofNullable(session.getAttribute(ATTRIBUTE, StoredConsent.class));
    }
}
