package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.consent.PassRealm.SCOPES;

import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Introspection as Keycloak does it, in a realm that signs no introspection response, and refresh tokens that do not rotate. */
class ConsentStockIntrospectionIT {

    private static final String JSON = "application/json";

    private static PassRealm passes;
    private static FapiRealm realm;
    private static FapiClient reader;

    @BeforeAll
    static void prepareRealm() {
        passes = PassRealm.prepare();
        realm = passes.realm();
        realm.remove("fapi-signed-introspection");
        passes.addExecutor("suppress-refresh-token-rotation");
        reader = passes.addReader("reader", Map.of("pass_cards", "accounts"));
    }

    @Test
    void tokensAreActiveAsLongAsTheConsentIsInForce() {
        String id = passes.lodge(reader, "NOVELS");
        Tokens tokens = passes.tokens(reader, realm.browser(), id, SCOPES, List.of("4"));

        assertThat(introspect(realm.accountsApi(), tokens.accessToken()))
                .containsEntry("active", true)
                .containsEntry("consent_id", id)
                .containsEntry("pass_cards", List.of("4"));
        assertThat(introspect(reader, tokens.refreshToken().orElseThrow()))
                .containsEntry("active", true)
                .containsEntry("consent_id", id);

        passes.revoke(reader, id);

        assertThat(introspect(realm.accountsApi(), tokens.accessToken())).isEqualTo(Map.of("active", false));
        assertThat(introspect(reader, tokens.refreshToken().orElseThrow())).isEqualTo(Map.of("active", false));
        assertThat(introspect(realm.accountsApi(), "no token")).isEqualTo(Map.of("active", false));
    }

    @Test
    void tokensForNoConsentSayNothingOfOne() {
        Tokens tokens =
                realm.tokensFor(reader.toBuilder().scope("openid accounts").build());

        assertThat(introspect(realm.accountsApi(), tokens.accessToken()))
                .containsEntry("active", true)
                .doesNotContainKeys("consent_id", "pass_cards");
    }

    @Test
    void aRefreshTokenThatDoesNotRotateEndsWithItsConsent() {
        String id = passes.lodge(reader, "NOVELS");
        Tokens tokens = passes.tokens(reader, id);

        for (int i = 0; i < 2; i++) {
            Tokens refreshed = reader.refresh(tokens.refreshToken().orElseThrow());
            assertThat(refreshed.refreshToken()).isEmpty();
            assertThat(refreshed.accessTokenClaims()).containsEntry("consent_id", id);
        }
        passes.revoke(reader, id);

        PassRealm.assertInvalidGrant(
                reader.refreshRequest(tokens.refreshToken().orElseThrow()).send());
    }

    private static Map<String, Object> introspect(FapiClient asker, String token) {
        String hint = token.equals("no token")
                        || "Offline".equals(PassRealm.claims(token).get("typ"))
                ? "refresh_token"
                : "access_token";
        Exchange answer = asker.introspectionRequest(token, JSON)
                .set("token_type_hint", hint)
                .send();
        assertThat(answer.mediaType()).isEqualTo(JSON);
        return answer.expect(200).json();
    }
}
