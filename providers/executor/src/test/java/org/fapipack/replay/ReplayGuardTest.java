package org.fapipack.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.SingleUseObjectProvider;

/** What the guard writes into the single-use store; that the store is atomic and common to all nodes is for the integration tests. */
class ReplayGuardTest {

    /** Key to lifespan in seconds, as the store of a cluster would keep them. */
    private final Map<String, Long> store = new LinkedHashMap<>();

    @Test
    void outlivesTheThingByTheDifferenceOfTwoNodesClocks() {
        guard("bank", "dpop").isFirstUse("key", "whole", Duration.ofSeconds(25));
        guard("bank", "dpop").isFirstUse("key", "fraction", Duration.ofMillis(24_001));
        guard("bank", "dpop").isFirstUse("key", "over", Duration.ZERO);

        assertThat(store.values()).containsExactly(35L, 35L, 10L);
    }

    @Test
    void remembersOneUseForEachRealmPurposeOwnerAndId() {
        assertThat(isFirstUse("bank", "dpop", "owner", "id")).isTrue();
        assertThat(isFirstUse("bank", "dpop", "owner", "id")).isFalse();

        assertThat(isFirstUse("shop", "dpop", "owner", "id")).isTrue();
        assertThat(isFirstUse("bank", "client-assertion", "owner", "id")).isTrue();
        assertThat(isFirstUse("bank", "dpop", "other", "id")).isTrue();
        assertThat(isFirstUse("bank", "dpop", "owner", "other")).isTrue();
    }

    private boolean isFirstUse(String realm, String purpose, String owner, String id) {
        return guard(realm, purpose).isFirstUse(owner, id, Duration.ofSeconds(1));
    }

    private ReplayGuard guard(String realmId, String purpose) {
        RealmModel realm = answering(RealmModel.class, Map.of("getId", realmId));
        KeycloakContext context = answering(KeycloakContext.class, Map.of("getRealm", realm));
        SingleUseObjectProvider singleUse = proxy(
                SingleUseObjectProvider.class,
                (self, method, arguments) -> method.getName().equals("putIfAbsent")
                        && store.putIfAbsent((String) arguments[0], (Long) arguments[1]) == null);
        return new ReplayGuard(
                answering(KeycloakSession.class, Map.of("getContext", context, "singleUseObjects", singleUse)),
                purpose);
    }

    private static <T> T answering(Class<T> type, Map<String, ?> answers) {
        return proxy(type, (self, method, arguments) -> answers.get(method.getName()));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
