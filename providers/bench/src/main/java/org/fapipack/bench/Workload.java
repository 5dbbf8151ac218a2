package org.fapipack.bench;

import java.util.Arrays;
import java.util.Optional;

/** What the servers are asked for. */
enum Workload {
    INTROSPECTION("introspection", "request"),
    FLOW("flow", "flow"),
    CLIENT_CREDENTIALS("client-credentials", "request"),
    CONSENTS("consents", "request");

    private final String option;
    private final String unit;

    Workload(String option, String unit) {
        this.option = option;
        this.unit = unit;
    }

    static Optional<Workload> of(String option) {
        return Arrays.stream(values())
                .filter(workload -> workload.option.equals(option))
                .findFirst();
    }

    /** What one sample is, in the tables. */
    String unit() {
        return unit;
    }
}
