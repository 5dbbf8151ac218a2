package org.fapipack.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * The windows of several variants that took turns. Every second round runs backwards, so that a machine that gets slower or a
 * server that gets warmer favours nobody.
 */
final class Rounds {

    /** With fewer there is no spread to speak of. */
    static final int LEAST = 2;

    private final Map<Variant, List<Window>> windows;

    /** @param windows that were measured, in order, the same number for each variant */
    Rounds(Map<Variant, List<Window>> windows) {
        this.windows = new LinkedHashMap<>(windows);
    }

    /** Measures up to {@code count} rounds, fewer when the deadline comes near. */
    static Rounds measure(
            List<Variant> variants,
            int count,
            Duration window,
            Laboratory laboratory,
            Deadline deadline,
            Consumer<String> progress) {
        Map<Variant, List<Window>> windows = new LinkedHashMap<>();
        variants.forEach(variant -> windows.put(variant, new ArrayList<>()));
        Duration roundTakes = window.plus(Laboratory.settle()).multipliedBy(variants.size());
        for (int round = 0; round < count; round++) {
            if (!deadline.leaves(roundTakes)) {
                progress.accept("no time left for round " + (round + 1));
                break;
            }
            List<Variant> order = new ArrayList<>(variants);
            if (round % 2 == 1) {
                Collections.reverse(order);
            }
            for (Variant variant : order) {
                Window measured = laboratory.measure(variant, window);
                windows.get(variant).add(measured);
                progress.accept("round " + (round + 1) + "/" + count + "  " + line(variant, measured));
            }
        }
        Rounds rounds = new Rounds(windows);
        if (rounds.count() < LEAST) {
            throw new TooBusy("the machine is too busy: not even " + LEAST + " rounds in the time there is");
        }
        return rounds;
    }

    private static String line(Variant variant, Window window) {
        return String.format(
                Locale.ROOT,
                "%-26s %6.0f/s  p50 %5.2f ms  p99 %6.2f ms  CPU %5.3f ms%s",
                variant.label(),
                window.requestsPerSecond(),
                window.p50Millis(),
                window.p99Millis(),
                window.cpuMillisPerRequest(),
                window.others().isPresent()
                        ? "  others " + Spread.number(100 * window.others().getAsDouble(), 0) + " %"
                        : "");
    }

    int count() {
        return windows.values().iterator().next().size();
    }

    List<Variant> variants() {
        return List.copyOf(windows.keySet());
    }

    Spread of(Variant variant, ToDoubleFunction<Window> measure) {
        return Spread.of(
                windows.get(variant).stream().map(measure::applyAsDouble).toList());
    }

    /** The ratio to a baseline within each round. */
    Spread ratio(Variant variant, Variant baseline, ToDoubleFunction<Window> measure) {
        return within(variant, baseline, measure, (ours, theirs) -> ours / theirs);
    }

    /** How much more than a baseline within each round. */
    Spread difference(Variant variant, Variant baseline, ToDoubleFunction<Window> measure) {
        return within(variant, baseline, measure, (ours, theirs) -> ours - theirs);
    }

    private Spread within(
            Variant variant, Variant baseline, ToDoubleFunction<Window> measure, DoubleBinaryOperator comparison) {
        List<Window> ours = windows.get(variant);
        List<Window> theirs = windows.get(baseline);
        List<Double> compared = new ArrayList<>();
        for (int round = 0; round < count(); round++) {
            compared.add(comparison.applyAsDouble(
                    measure.applyAsDouble(ours.get(round)), measure.applyAsDouble(theirs.get(round))));
        }
        return Spread.of(compared);
    }

    /** How much of the machine others used, 0 to 1; empty where the system does not tell. */
    OptionalDouble others() {
        List<Double> shares = windows.values().stream()
                .flatMap(List::stream)
                .filter(window -> window.others().isPresent())
                .map(window -> window.others().getAsDouble())
                .toList();
        return shares.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Spread.of(shares).median());
    }
}
