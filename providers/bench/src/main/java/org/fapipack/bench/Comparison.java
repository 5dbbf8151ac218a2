package org.fapipack.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Variants in the order of the tables, and which one each of them is compared with, if any. */
final class Comparison {

    private final List<Variant> variants = new ArrayList<>();
    private final Map<Variant, Variant> baselines = new LinkedHashMap<>();

    /** A variant that others are compared with. */
    Variant baseline(Variant variant) {
        variants.add(variant);
        return variant;
    }

    void compare(Variant variant, Variant baseline) {
        variants.add(variant);
        baselines.put(variant, baseline);
    }

    List<Variant> variants() {
        return List.copyOf(variants);
    }

    /** Keys are those that are compared, values what with. */
    Map<Variant, Variant> baselines() {
        return new LinkedHashMap<>(baselines);
    }
}
