package org.fapipack.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.server.KeycloakCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** One of two nodes is killed. What it took is neither lost nor good again, at the other node and at the one that comes in its place. */
@EnabledIfSystemProperty(named = "keycloak.nodes", matches = "2", disabledReason = "one node has nobody to stand in")
class LostNodeIT {

    /** Enough that either node was the keeper of some. */
    private static final int ASSERTIONS = 12;

    private final KeycloakCluster cluster =
            KeycloakUnderTest.running().cluster().orElseThrow();
    private final FapiRealm realm = KeycloakUnderTest.running().messageSigningRealm();
    private final FapiClient kept = realm.addDpopClient("survivor").by(cluster.node(0));
    private final FapiClient lost = kept.by(cluster.node(1));

    @Test
    @Requirement({"CA-3", "PAR-8", "SP-5.3.2.2-9"})
    void nothingIsLostAndNothingIsGoodTwice() {
        PendingAuthorization redeemed = lost.begin();
        String code = realm.codeFor(lost, redeemed);
        lost.redeem(code, redeemed);
        String refreshToken = realm.tokensFor(lost).refreshToken().orElseThrow();
        List<JwtDraft> assertions =
                Stream.generate(this::longLivedAssertion).limit(ASSERTIONS).toList();
        assertThat(assertions)
                .allSatisfy(assertion -> assertThat(
                                refresh(lost, refreshToken, assertion).status())
                        .isEqualTo(200));
        PendingAuthorization pending = lost.begin();
        String requestUri = lost.push(pending).requestUri();

        cluster.lose(1);
        try {
            assertThatThrownBy(() -> lost.refresh(refreshToken)).isInstanceOf(UncheckedIOException.class);
            assertRefusedAsUsed(kept, refreshToken, assertions);
            Exchange again = kept.codeRequest(code, redeemed).send();
            assertThat(again.status()).as(again.body()).isEqualTo(400);
            assertThat(again.error()).contains("invalid_grant");
            ClientRedirect redirect = realm.browser()
                    .by(cluster.node(0))
                    .logInAndConsent(kept.authorizationUrl(requestUri), USER, PASSWORD);
            assertThat(kept.redeem(kept.verifyJarm(redirect, pending).code(), pending)
                            .accessToken())
                    .isNotEmpty();
            assertThat(kept.refresh(refreshToken).accessToken()).isNotEmpty();
        } finally {
            cluster.bringBack(1);
        }
        assertRefusedAsUsed(lost, refreshToken, assertions);
        assertThat(lost.refresh(refreshToken).accessToken()).isNotEmpty();
    }

    /** Still good when a busy machine has brought the node back. */
    private JwtDraft longLivedAssertion() {
        return lost.clientAssertion().claim("exp", Instant.now().plusSeconds(240));
    }

    private static void assertRefusedAsUsed(FapiClient client, String refreshToken, List<JwtDraft> assertions) {
        assertThat(assertions).allSatisfy(assertion -> {
            Exchange answer = refresh(client, refreshToken, assertion);
            assertThat(answer.status()).as(answer.body()).isEqualTo(401);
            assertThat(answer.error()).contains("invalid_client");
            assertThat(answer.errorDescription())
                    .as("not merely expired")
                    .get()
                    .asString()
                    .contains("used before");
        });
    }

    private static Exchange refresh(FapiClient client, String refreshToken, JwtDraft assertion) {
        return client.refreshRequest(refreshToken).clientAssertion(assertion).send();
    }
}
