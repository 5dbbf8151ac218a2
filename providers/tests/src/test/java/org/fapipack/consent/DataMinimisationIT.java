package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.USER;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.Tokens;

/**
 * Nobody is told of an account that the customer did not tick, or of a permission that the consent does not have: not in a token, its response, an
 * introspection response, or the answer of the userinfo endpoint, whatever the client asks for, and however many consents the customer has.
 */
class DataMinimisationIT {

    private static final Map<String, Set<String>> SCOPES =
            Map.of("NOVELS", Set.of("novels"), "MAPS", Set.of("maps", "atlases"), "POEMS", Set.of("poems"));
    private static final Set<String> ACCOUNTS = Set.of("1", "2", "3", "4", "5");

    private static PassRealm passes;
    private static FapiClient reader;
    private static Browser browser;

    @BeforeContainer
    static void prepareRealm() {
        passes = PassRealm.prepare();
        reader = passes.addReader("reader", Map.of("pass_cards", "accounts", "pass_shelves", "permissions"));
        FapiRealm realm = passes.realm();
        realm.admin()
                .setClientAttribute(
                        realm.name(), FapiRealm.ACCOUNTS_API, "fapi.introspection.claims", "pass_cards pass_shelves");
        browser = realm.browser();
    }

    @Property(tries = 20, seed = "20261122", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void nothingIsToldThatWasNotTicked(
            @ForAll("permissions") Set<String> permissions,
            @ForAll("permissions") Set<String> wanted,
            @ForAll("accounts") Set<String> ticked) {
        String id = passes.lodge(reader, Instant.now().plusSeconds(600), permissions);
        String scopes = Stream.concat(
                        Stream.of("openid", "accounts"), wanted.stream().flatMap(name -> SCOPES.get(name).stream()))
                .collect(Collectors.joining(" "));
        PendingAuthorization pending = reader.begin();
        Tokens tokens = reader.redeem(
                passes.code(reader, browser, USER, pending, passes.request(reader, pending, id, scopes), ticked),
                pending);
        Tokens refreshed = reader.refresh(tokens.refreshToken().orElseThrow());

        Set<String> granted = new HashSet<>();
        permissions.stream().filter(wanted::contains).forEach(name -> granted.addAll(SCOPES.get(name)));
        for (Tokens issued : List.of(tokens, refreshed)) {
            for (Map<String, Object> told : List.of(
                    issued.accessTokenClaims(),
                    PassRealm.claims(issued.idToken().orElseThrow()),
                    issued.exchange().json(),
                    passes.introspect(issued.accessToken()).members(),
                    passes.userInfo(reader, issued.accessToken()).expect(200).json())) {
                assertThat(Set.copyOf((List<?>) told.get("pass_cards"))).isEqualTo(ticked);
                assertThat(Set.copyOf((List<?>) told.get("pass_shelves"))).isEqualTo(permissions);
                assertThat(guarded(told.get("scope"))).isSubsetOf(granted);
            }
            assertThat(guarded(issued.accessTokenClaims().get("scope"))).isEqualTo(granted);
        }
        assertThat(guarded(PassRealm.claims(tokens.refreshToken().orElseThrow()).get("scope")))
                .isEqualTo(granted);
    }

    private static Set<String> guarded(Object scope) {
        Set<String> all = SCOPES.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        all.retainAll(Arrays.asList(String.valueOf(scope).split(" ", -1)));
        return all;
    }

    @Provide
    Arbitrary<Set<String>> permissions() {
        return Arbitraries.of(SCOPES.keySet().stream().sorted().toList()).set().ofMinSize(1);
    }

    @Provide
    Arbitrary<Set<String>> accounts() {
        return Arbitraries.of(ACCOUNTS.stream().sorted().toList()).set().ofMinSize(1);
    }
}
