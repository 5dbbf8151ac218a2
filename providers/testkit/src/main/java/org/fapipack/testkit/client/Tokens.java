package org.fapipack.testkit.client;

import java.util.Map;
import java.util.Optional;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;

/** A successful token response. */
public record Tokens(
        String accessToken,
        String tokenType,
        Optional<String> refreshToken,
        Optional<String> idToken,
        Optional<String> scope,
        Exchange exchange) {

    static Tokens from(Exchange exchange) {
        Map<String, Object> json = exchange.expect(200).json();
        return new Tokens(
                (String) json.get("access_token"),
                (String) json.get("token_type"),
                Json.text(json, "refresh_token"),
                Json.text(json, "id_token"),
                Json.text(json, "scope"),
                exchange);
    }

    /** What Keycloak put into the access token. A real client must not look; tests may. */
    public Map<String, Object> accessTokenClaims() {
        return CompactJwt.parse(accessToken).claims();
    }

    @Override
    public String toString() {
        return "Tokens[" + tokenType + "]";
    }
}
