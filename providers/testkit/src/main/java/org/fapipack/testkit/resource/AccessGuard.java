package org.fapipack.testkit.resource;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.tls.TlsIdentity;

/** Decides whether a request may see a resource: token, audience, scope and sender constraint. */
final class AccessGuard {

    /** The parts of a request that count. */
    record Request(String method, URI uri, Headers headers, Optional<X509Certificate> certificate) {

        List<String> values(String header) {
            return headers.lines().stream()
                    .filter(line -> line.getKey().equalsIgnoreCase(header))
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }

    private final String resourceServer;
    private final String issuer;
    private final String requiredScope;
    private final Function<String, TokenIntrospection> introspection;
    private final DpopProofVerifier proofs;
    private final Clock clock;

    AccessGuard(
            String issuer,
            String resourceServer,
            String requiredScope,
            Function<String, TokenIntrospection> introspection,
            Clock clock) {
        this.issuer = issuer;
        this.resourceServer = resourceServer;
        this.requiredScope = requiredScope;
        this.introspection = introspection;
        this.proofs = new DpopProofVerifier(clock);
        this.clock = clock;
    }

    /**
     * Gives what is known about the token if the request may go on.
     *
     * @throws AccessRefusal otherwise
     */
    TokenIntrospection admit(Request request) {
        List<String> authorization = request.values("Authorization");
        if (authorization.isEmpty()) {
            throw AccessRefusal.noToken();
        }
        if (authorization.size() > 1) {
            throw AccessRefusal.invalidRequest("more than one Authorization header");
        }
        String[] parts = authorization.get(0).strip().split(" +", 2);
        boolean dpop = parts[0].equalsIgnoreCase("DPoP");
        if (parts.length != 2 || (!dpop && !parts[0].equalsIgnoreCase("Bearer"))) {
            throw AccessRefusal.noToken();
        }
        if (!parts[1].matches("[A-Za-z0-9._~+/-]+=*")) {
            throw AccessRefusal.invalidToken("not an access token");
        }
        TokenIntrospection token = introspection.apply(parts[1]);
        requireUsable(token);
        requireSender(token, dpop, parts[1], request);
        if (!token.hasScope(requiredScope)) {
            throw AccessRefusal.insufficientScope("the scope " + requiredScope + " is needed");
        }
        return token;
    }

    private void requireUsable(TokenIntrospection token) {
        if (!token.active()) {
            throw AccessRefusal.invalidToken("the token is not active");
        }
        long now = clock.instant().getEpochSecond();
        // exp equal to now is over; a missing exp is over, too.
        if (!(token.members().get("exp") instanceof Long expiry) || expiry <= now) {
            throw AccessRefusal.invalidToken("the token is over");
        }
        if (token.members().get("nbf") instanceof Long notBefore && notBefore > now) {
            throw AccessRefusal.invalidToken("the token is not valid yet");
        }
        if (!issuer.equals(token.members().get("iss"))) {
            throw AccessRefusal.invalidToken("the token is from another issuer");
        }
        if (!token.hasAudience(resourceServer)) {
            throw AccessRefusal.invalidToken("the token is for another resource server");
        }
    }

    private void requireSender(TokenIntrospection token, boolean dpop, String accessToken, Request request) {
        Optional<String> keyThumbprint = token.confirmation("jkt");
        Optional<String> certificateThumbprint = token.confirmation("x5t#S256");
        if (keyThumbprint.isEmpty() && certificateThumbprint.isEmpty()) {
            throw AccessRefusal.invalidToken("the token is not sender-constrained");
        }
        if (dpop != keyThumbprint.isPresent()) {
            throw AccessRefusal.invalidToken(
                    dpop ? "the token is not bound to a DPoP key" : "the token is bound to a DPoP key");
        }
        keyThumbprint.ifPresent(thumbprint -> requireProof(request, accessToken, thumbprint));
        certificateThumbprint.ifPresent(thumbprint -> {
            Optional<String> presented = request.certificate().map(TlsIdentity::thumbprint);
            if (!presented.equals(Optional.of(thumbprint))) {
                throw AccessRefusal.invalidToken(
                        presented.isEmpty()
                                ? "a client certificate is needed"
                                : "the token is bound to another certificate");
            }
        });
    }

    private void requireProof(Request request, String accessToken, String thumbprint) {
        try {
            proofs.verify(request.values("DPoP"), request.method(), request.uri(), accessToken, thumbprint);
        } catch (DpopRejection e) {
            throw AccessRefusal.invalidDpopProof(e.getMessage());
        }
    }
}
