package org.fapipack.consent;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentState;

/** What is counted and measured about consents; shown where the server's metrics are enabled, as Keycloak's own are. */
public final class ConsentMeters {

    private static final String STORE = "store";

    private ConsentMeters() {}

    /** A change of a consent, if it is somebody's decision. */
    static void changed(String type, Optional<ConsentState> from, ConsentState to, ConsentActor by) {
        if (from.filter(state -> state != to || to == ConsentState.AUTHORISED).isPresent()) {
            decision(to, by)
                    .ifPresent(decision -> Metrics.counter(
                                    "fapi.consent.decisions", "type", type, "decision", decision, "by", by.key())
                            .increment());
        }
    }

    private static Optional<String> decision(ConsentState to, ConsentActor by) {
        return switch (to) {
            case AUTHORISED, PARTIALLY_AUTHORISED ->
                by == ConsentActor.CUSTOMER ? Optional.of("approved") : Optional.empty();
            case REJECTED -> Optional.of("refused");
            case REVOKED -> Optional.of("revoked");
            case AWAITING, SUSPENDED, EXPIRED, CONSUMED -> Optional.empty();
        };
    }

    /** An attempt to tell a source later that a consent has ended. */
    static void delivery(String outcome) {
        Metrics.counter("fapi.consent.deliveries", "outcome", outcome).increment();
    }

    static void pendingDeliveries(AtomicInteger number) {
        Gauge.builder("fapi.consent.deliveries.pending", number, AtomicInteger::get)
                .description("Consents that ended here and whose store has not been told")
                .register(Metrics.globalRegistry);
    }

    /**
     * A call of a store.
     *
     * @param outcome {@code ok}, {@code no}, or the code of a failure
     */
    public static void called(URI store, String operation, String outcome, Duration time) {
        Metrics.timer(
                        "fapi.consent.store.calls",
                        Tags.of(
                                Tag.of(STORE, store.toString()),
                                Tag.of("operation", operation),
                                Tag.of("outcome", outcome)))
                .record(time);
    }

    /** From now on shows whether calls of a store are paused. */
    public static void pause(URI store, Supplier<Boolean> isPaused) {
        Gauge.builder("fapi.consent.store.paused", () -> Boolean.TRUE.equals(isPaused.get()) ? 1 : 0)
                .description("1 while no calls are made, because too many failed")
                .tag(STORE, store.toString())
                .register(Metrics.globalRegistry);
    }
}
