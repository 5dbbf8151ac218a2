package org.fapipack.consent;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.fapipack.clientkey.ClientSignatureKey;
import org.fapipack.core.consent.BodyParties;
import org.fapipack.core.consent.ConsentDefect;
import org.fapipack.core.consent.ConsentRefusal;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.core.consent.SignedBodies;
import org.fapipack.core.consent.SignedBody;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.replay.ReplayGuard;
import org.jboss.logging.Logger;
import org.keycloak.common.util.Time;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.crypto.SignatureSignerContext;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.Urls;
import org.keycloak.urls.UrlType;

/** The bodies of one call as they are on the wire: JSON, signed or not. */
final class ConsentBodies {

    private static final Logger LOG = Logger.getLogger(ConsentBodies.class);

    private final KeycloakSession session;
    private final ClientModel client;
    private final Optional<SignedBodies> rules;
    private final Optional<SignatureSignerContext> signer;

    /** @throws IllegalStateException if the realm has no key to sign answers with */
    ConsentBodies(KeycloakSession session, ClientModel client, ConsentType type) {
        this.session = session;
        this.client = client;
        this.rules = type.signedBodies();
        this.signer = rules.map(signed -> signer(session, signed.algorithms().get(0)));
    }

    private static SignatureSignerContext signer(KeycloakSession session, String algorithm) {
        try {
            return session.getProvider(SignatureProvider.class, algorithm).signer();
        } catch (RuntimeException noKey) {
            throw new IllegalStateException("the realm has no active " + algorithm + " key", noKey);
        }
    }

    /** Of bodies, both ways. */
    String mediaType() {
        return rules.map(SignedBodies::mediaType).orElse("application/json");
    }

    /** What a client sent; where it is signed, by this client, for this address, and a moment ago. */
    Received receive(byte[] body) throws ConsentRefusal {
        if (rules.isEmpty()) {
            return new Received(body, Optional.empty());
        }
        SignedBodies signed = rules.get();
        List<String> headers = signed.header()
                .map(name ->
                        session.getContext().getHttpRequest().getHttpHeaders().getRequestHeader(name))
                .orElse(List.of());
        SignedBody sent = signed.read(body, headers);
        checkSignature(sent);
        Optional<String> id = signed.check(sent, parties(signed), now());
        return new Received(signed.json(sent), id);
    }

    private void checkSignature(SignedBody sent) throws ConsentRefusal {
        String algorithm = FapiAlgorithms.canonical(sent.algorithm());
        Optional<ClientSignatureKey> key;
        try {
            key = ClientSignatureKey.find(session, client, sent.keyId(), algorithm);
        } catch (RuntimeException unreachable) {
            LOG.warnf(unreachable, "The keys of client %s cannot be loaded", client.getClientId());
            throw new ConsentRefusal(ConsentDefect.BAD_SIGNATURE, "the keys of the client cannot be loaded");
        }
        if (key.isEmpty()) {
            throw new ConsentRefusal(ConsentDefect.BAD_SIGNATURE, ClientSignatureKey.NONE);
        }
        if (!key.get().verifies(sent.signingInput(), sent.signature())) {
            throw new ConsentRefusal(ConsentDefect.BAD_SIGNATURE, "the signature of the body is wrong");
        }
    }

    private BodyParties parties(SignedBodies signed) {
        String issuer = Urls.realmIssuer(
                session.getContext().getUri(UrlType.FRONTEND).getBaseUri(),
                session.getContext().getRealm().getName());
        return new BodyParties(
                signed.clientAttribute()
                        .map(client::getAttribute)
                        .filter(name -> !name.isBlank())
                        .orElse(client.getClientId()),
                signed.serverName().orElse(issuer),
                signed.audienceIsIssuer()
                        ? issuer
                        : session.getContext().getUri().getAbsolutePath().toString());
    }

    /** An answer that is not stored by anybody, signed where the ecosystem wants that. */
    Response.ResponseBuilder answer(int status, String json) {
        Response.ResponseBuilder answer = Response.status(status).header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (rules.filter(signed -> signed.areSigned(status)).isEmpty()) {
            return answer.type("application/json").entity(json);
        }
        SignedBodies signed = rules.get();
        SignatureSignerContext key = signer.orElseThrow();
        String input = signed.signingInput(
                json, parties(signed), key.getKid(), UUID.randomUUID().toString(), now());
        String signature = signed.signed(input, key.sign(input.getBytes(StandardCharsets.US_ASCII)));
        answer.type(signed.mediaType());
        return signed.header()
                .map(name -> answer.header(name, signature).entity(json))
                .orElseGet(() -> answer.entity(signature));
    }

    private static Instant now() {
        return Instant.ofEpochMilli(Time.currentTimeMillis());
    }

    /** A body that may be believed. */
    final class Received {

        private final byte[] json;
        private final Optional<String> id;

        private Received(byte[] json, Optional<String> id) {
            this.json = json;
            this.id = id;
        }

        byte[] json() {
            return json.clone();
        }

        /** Lets nobody send the same body again. For whoever has nothing else to say against it. */
        void useUp() throws ConsentRefusal {
            if (id.isPresent()
                    && !new ReplayGuard(session, "consent-body")
                            .isFirstUse(
                                    client.getId(),
                                    id.get(),
                                    rules.orElseThrow().remembered())) {
                throw new ConsentRefusal(ConsentDefect.USED_BEFORE, "the jti of the body has been used before");
            }
        }
    }
}
