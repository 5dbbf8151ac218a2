package org.fapipack.consent;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;

/**
 * What ties a code and its tokens to one consent. A customer's session with a client is one for many consents, so nothing that is noted there
 * can tell them apart: a code has the consent in its scope, tokens have it in the claim {@link #CLAIM}.
 */
public final class ConsentBinding {

    /** Of access tokens and refresh tokens: the id of the consent. */
    public static final String CLAIM = "consent_id";

    /** No client can request such a scope, because none has it. */
    private static final String SCOPE_PREFIX = "fapi-consent:";

    private static final String ATTRIBUTE = ConsentBinding.class.getName();

    private ConsentBinding() {}

    /** The scope parameter of a code: what was granted, and the consent. */
    public static String scope(Set<String> granted, String consentId) {
        return Stream.concat(granted.stream(), Stream.of(SCOPE_PREFIX + consentId))
                .collect(Collectors.joining(" "));
    }

    /** The consent in the scope parameter of a code; null is none. */
    public static Optional<String> inScope(String scope) {
        return scope == null
                ? Optional.empty()
                : Arrays.stream(scope.split(" ", -1))
                        .filter(ConsentBinding::isOne)
                        .map(value -> value.substring(SCOPE_PREFIX.length()))
                        .findFirst();
    }

    /** Whether a scope is not a scope but the consent of a code. */
    static boolean isOne(String scope) {
        return scope.startsWith(SCOPE_PREFIX);
    }

    /** Notes which consent the tokens of this request are for. */
    public static void use(KeycloakSession session, StoredConsent consent) {
        session.setAttribute(ATTRIBUTE, consent);
    }

    /** The consent that the tokens of this request are for. */
    public static Optional<StoredConsent> ofRequest(KeycloakSession session) {
        return Optional.ofNullable(session.getAttribute(ATTRIBUTE, StoredConsent.class));
    }
}
