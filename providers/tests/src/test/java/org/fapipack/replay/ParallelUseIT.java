package org.fapipack.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.JarmResponse;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.jose.JwtDraft;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What may be used once is used once, however many come at the same time, to whichever node. */
class ParallelUseIT {

    private static final int USES = 200;

    /** Enough that several are inside the server at any moment. */
    private static final int AT_A_TIME = 32;

    private static FapiRealm realm;
    private static FapiClient client;
    private static String refreshToken;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm().onAllNodes();
        client = realm.addDpopClient("hasty");
        refreshToken = realm.tokensFor(client).refreshToken().orElseThrow();
    }

    @Test
    @Requirement("CA-3")
    void oneClientAssertion() throws Exception {
        JwtDraft assertion = client.clientAssertion();
        assertThat(successes(() -> client.refreshRequest(refreshToken)
                        .clientAssertion(assertion)
                        .send()))
                .isEqualTo(1);
        assertThat(client.refresh(refreshToken).accessToken()).isNotEmpty();
    }

    @Test
    @Requirement("DP-7")
    void oneProof() throws Exception {
        JwtDraft proof = client.dpopProof("POST", client.metadata().endpoint(ServerMetadata.TOKEN));
        assertThat(successes(
                        () -> client.refreshRequest(refreshToken).dpop(proof).send()))
                .isEqualTo(1);
        assertThat(client.refresh(refreshToken).accessToken()).isNotEmpty();
    }

    @Test
    @Requirement("SP-5.3.2.2-9")
    void oneCode() throws Exception {
        PendingAuthorization pending = client.begin();
        String code = realm.codeFor(client, pending);
        assertThat(successes(() -> client.codeRequest(code, pending).send())).isEqualTo(1);
    }

    @Test
    @Requirement("PAR-8")
    void oneRequestUri() throws Exception {
        realm.browser()
                .logInAndConsent(
                        client.authorizationUrl(client.push(client.begin()).requestUri()), USER, PASSWORD);
        var signedIn = realm.browser();
        signedIn.open(client.authorizationUrl(client.push(client.begin()).requestUri()))
                .logIn(USER, PASSWORD);
        PendingAuthorization pending = client.begin();
        var url = client.authorizationUrl(client.push(pending).requestUri());
        List<Page> pages = parallel(() -> signedIn.open(url));
        List<JarmResponse> answers = pages.stream()
                .filter(Page::isClientRedirect)
                .map(page -> client.verifyJarm(page.redirect(), pending))
                .toList();
        // Who comes between the check and the use may be told invalid_request_uri; what counts is the code.
        assertThat(answers)
                .filteredOn(answer -> answer.claims().containsKey("code"))
                .hasSize(1);
    }

    private static long successes(Supplier<Exchange> use) throws Exception {
        List<Exchange> answers = parallel(use);
        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.status()).as(answer.body()).isIn(200, 400, 401));
        return answers.stream().filter(answer -> answer.status() == 200).count();
    }

    private static <T> List<T> parallel(Supplier<T> use) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Future<T>> uses = IntStream.range(0, USES)
                    .mapToObj(i -> threads.submit(use::get))
                    .toList();
            List<T> answers = new ArrayList<>();
            for (Future<T> each : uses) {
                answers.add(each.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
