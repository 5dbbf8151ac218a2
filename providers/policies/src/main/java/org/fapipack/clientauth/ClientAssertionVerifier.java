package org.fapipack.clientauth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.fapipack.clientkey.ClientSignatureKey;
import org.fapipack.core.clientassertion.ClientAssertionDefect;
import org.fapipack.core.clientassertion.ClientAssertionRules;
import org.fapipack.core.jose.CompactJws;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.replay.ReplayGuard;
import org.jboss.logging.Logger;
import org.keycloak.common.util.Time;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCConfigAttributes;

/**
 * Verifies a client assertion of {@code private_key_jwt}: claims, then the signature by the client's own key, then that it was not used
 * before. Only an assertion that is good in every other way is remembered, so nobody can use up somebody else's.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523.html#section-3">RFC 7523 section 3</a>
 */
final class ClientAssertionVerifier {

    private static final Logger LOG = Logger.getLogger(ClientAssertionVerifier.class);

    private final KeycloakSession session;
    private final String issuer;
    private final Supplier<List<String>> endpoints;

    /**
     * @param issuer the realm's issuer identifier
     * @param endpoints addresses that FAPI 1.0 lets an assertion name as audience; not asked by other rules, they take long to build
     */
    ClientAssertionVerifier(KeycloakSession session, String issuer, Supplier<List<String>> endpoints) {
        this.session = session;
        this.issuer = issuer;
        this.endpoints = endpoints;
    }

    /** The first defect of the assertion, empty when it authenticates the client; it is used up then. */
    Optional<ClientAssertionDefect> firstDefect(String assertion, ClientModel client, ClientAssertionRules rules) {
        Optional<CompactJws> read = CompactJws.read(assertion);
        if (read.isEmpty()) {
            return defect("not_a_jws", "the client assertion is not a signed JWT");
        }
        CompactJws jws = read.get();
        Instant now = Instant.ofEpochMilli(Time.currentTimeMillis());
        return rules.firstDefect(jws.header(), jws.claims(), client.getClientId(), issuer, endpoints, now)
                .or(() -> registrationDefect(jws, client))
                .or(() -> signatureDefect(assertion, jws, client))
                .or(() -> replayDefect(jws, client, rules, now));
    }

    /** OpenID Connect Dynamic Client Registration section 2: a registered algorithm is the only one. */
    private static Optional<ClientAssertionDefect> registrationDefect(CompactJws jws, ClientModel client) {
        String registered = client.getAttribute(OIDCConfigAttributes.TOKEN_ENDPOINT_AUTH_SIGNING_ALG);
        return registered == null
                        || registered.isBlank()
                        || FapiAlgorithms.canonical(registered)
                                .equals(FapiAlgorithms.canonical(
                                        jws.header().path("alg").asText()))
                ? Optional.empty()
                : defect(
                        "alg_not_registered",
                        "the client assertion must be signed with the algorithm that the client registered");
    }

    private Optional<ClientAssertionDefect> signatureDefect(String assertion, CompactJws jws, ClientModel client) {
        String algorithm = FapiAlgorithms.canonical(jws.header().path("alg").asText());
        Optional<ClientSignatureKey> key;
        try {
            key = ClientSignatureKey.find(
                    session, client, jws.header().path("kid").asText(null), algorithm);
        } catch (RuntimeException unreachable) {
            LOG.warnf(unreachable, "The keys of client %s cannot be loaded", client.getClientId());
            return defect("keys_not_available", "the keys of the client cannot be loaded");
        }
        if (key.isEmpty()) {
            return defect("no_usable_key", ClientSignatureKey.NONE);
        }
        int dot = assertion.lastIndexOf('.');
        return key.get().verifies(assertion.substring(0, dot), assertion.substring(dot + 1))
                ? Optional.empty()
                : defect("signature_wrong", "the signature of the client assertion is wrong");
    }

    private Optional<ClientAssertionDefect> replayDefect(
            CompactJws jws, ClientModel client, ClientAssertionRules rules, Instant now) {
        return new ReplayGuard(session, "client-assertion")
                        .isFirstUse(
                                client.getId(),
                                jws.claims().path("jti").asText(),
                                rules.remainingLife(jws.claims(), now))
                ? Optional.empty()
                : defect("assertion_already_used", "the client assertion has been used before");
    }

    private static Optional<ClientAssertionDefect> defect(String reason, String description) {
        return Optional.of(new ClientAssertionDefect(reason, description));
    }
}
