package org.fapipack.consent.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.fapipack.core.consent.ConsentReference;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.jose.CompactJws;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.core.jose.NumericDate;
import org.fapipack.executor.RulesInForce;
import org.keycloak.common.VerificationException;
import org.keycloak.common.util.Time;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.Urls;
import org.keycloak.urls.UrlType;

/**
 * A notice of a store that a consent changed; signed by whom the policies of the client name.
 *
 * @param state that the consent has now, where the notice says so
 */
record Notice(ClientModel client, String consentId, Optional<ConsentState> state, Instant issued) {

    /** Nothing else goes to the database before a signature is seen: no control characters, no more than the column has. */
    private static final Pattern CLIENT_ID = Pattern.compile("\\P{Cc}{1,255}");

    /** The one event that is known. */
    static final String EVENT = "urn:fapi-pack:event:consent-changed";

    private static final String TYPE = "secevent+jwt";
    /** How far the clocks may be apart. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    /** How long a notice is believed where the store cannot be asked: what was over may be in force again. */
    private static final Duration FRESH = Duration.ofMinutes(5);

    /** Nothing is said about the client before the signature is verified. */
    static Notice read(KeycloakSession session, String compact) throws RefusedNotice {
        CompactJws jws = CompactJws.read(compact)
                .orElseThrow(() -> new RefusedNotice(RefusedNotice.INVALID_REQUEST, "the body must be a signed JWT"));
        JsonNode claims = jws.claims();
        JsonNode change = claims.path("events").path(EVENT);
        RealmModel realm = session.getContext().getRealm();
        Optional<ClientModel> client = Optional.of(change.path("client_id").asText())
                .filter(id -> CLIENT_ID.matcher(id).matches())
                .map(realm::getClientByClientId);
        StoreSettings settings = client.flatMap(known -> RulesInForce.find(session, known, StoreSettings.class))
                .filter(known -> !known.noticeIssuer().isEmpty())
                .orElseThrow(Notice::unknownSender);
        if (!isSigned(session, settings, jws.header(), compact)) {
            throw unknownSender();
        }
        if (!settings.noticeIssuer().equals(claims.path("iss").textValue())) {
            throw new RefusedNotice(RefusedNotice.INVALID_ISSUER, "'iss' is not the issuer of notices");
        }
        String audience =
                Urls.realmIssuer(session.getContext().getUri(UrlType.FRONTEND).getBaseUri(), realm.getName());
        if (!isFor(claims.path("aud"), audience)) {
            throw new RefusedNotice(RefusedNotice.INVALID_AUDIENCE, "'aud' must be the issuer identifier of the realm");
        }
        return checked(client.orElseThrow(), claims, change);
    }

    private static Notice checked(ClientModel client, JsonNode claims, JsonNode change) throws RefusedNotice {
        String id = change.path("consent_id").asText();
        if (!ConsentReference.isId(id) || claims.path("jti").asText().isEmpty()) {
            throw new RefusedNotice(RefusedNotice.INVALID_REQUEST, "'jti' and the id of the consent are needed");
        }
        Instant now = Instant.ofEpochMilli(Time.currentTimeMillis());
        if (!NumericDate.is(claims.get("iat"))
                || NumericDate.of(claims.get("iat")).isAfter(now.plus(SKEW))) {
            throw new RefusedNotice(RefusedNotice.INVALID_REQUEST, "'iat' must be a time that has passed");
        }
        Optional<ConsentState> state =
                Optional.ofNullable(change.path("status").textValue()).flatMap(ConsentState::of);
        if (change.has("status") && state.isEmpty()) {
            throw new RefusedNotice(RefusedNotice.INVALID_REQUEST, "'status' is no state of a consent");
        }
        return new Notice(client, id, state, NumericDate.of(claims.get("iat")));
    }

    /** The state it says, if the consent is over by that and the notice is fresh. */
    Optional<ConsentState> end(Instant now) {
        return state.filter(said -> switch (said) {
                    case REJECTED, SUSPENDED, REVOKED, EXPIRED, CONSUMED -> true;
                    case AWAITING, PARTIALLY_AUTHORISED, AUTHORISED -> false;
                })
                .filter(said -> issued.plus(FRESH).isAfter(now));
    }

    private static boolean isFor(JsonNode audience, String issuer) {
        return audience.isArray()
                ? StreamSupport.stream(audience.spliterator(), false).anyMatch(one -> issuer.equals(one.textValue()))
                : issuer.equals(audience.textValue());
    }

    private static boolean isSigned(KeycloakSession session, StoreSettings settings, JsonNode header, String compact) {
        String algorithm = FapiAlgorithms.canonical(header.path("alg").asText());
        if (!TYPE.equals(header.path("typ").textValue())
                || header.has("crit")
                || !FapiAlgorithms.SIGNATURE.contains(algorithm)) {
            return false;
        }
        Optional<KeyWrapper> key =
                NoticeKeys.find(settings.noticeKeys(), header.path("kid").asText(), algorithm);
        int dot = compact.lastIndexOf('.');
        try {
            return key.isPresent()
                    && session.getProvider(SignatureProvider.class, algorithm)
                            .verifier(key.get())
                            .verify(
                                    compact.substring(0, dot).getBytes(StandardCharsets.US_ASCII),
                                    Base64.getUrlDecoder().decode(compact.substring(dot + 1)));
        } catch (VerificationException | IllegalArgumentException wrong) {
            return false;
        }
    }

    private static RefusedNotice unknownSender() {
        return new RefusedNotice(
                RefusedNotice.AUTHENTICATION_FAILED, "the notice is not signed by anybody who may send it");
    }
}
