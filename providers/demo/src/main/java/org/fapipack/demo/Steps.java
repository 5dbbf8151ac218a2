package org.fapipack.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Steps to be run in order. Every step looks at what came back; the first one that finds something wrong is the last. */
final class Steps {

    private final Style style;
    private final Map<Step, Action> actions = new LinkedHashMap<>();

    /** A step that may find that something is wrong. */
    interface Action {
        void run(Protocol protocol);
    }

    /** Something came back that must not. */
    static final class Mismatch extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Mismatch(String message) {
            super(message);
        }
    }

    /** What a step printed and how it went. */
    record Told(StepResult result, List<String> lines) {}

    Steps(Style style) {
        this.style = style;
    }

    Steps then(Step step, Action action) {
        actions.put(step, action);
        return this;
    }

    /** Tells each step as soon as it is over. */
    List<StepResult> run(Consumer<Told> audience) {
        List<StepResult> results = new ArrayList<>();
        for (Map.Entry<Step, Action> action : actions.entrySet()) {
            Told told = run(action.getKey(), action.getValue());
            results.add(told.result());
            audience.accept(told);
            if (!told.result().passed()) {
                break;
            }
        }
        return List.copyOf(results);
    }

    private Told run(Step step, Action action) {
        Protocol protocol = new Protocol(style);
        long start = System.nanoTime();
        Optional<String> problem = Optional.empty();
        try {
            action.run(protocol);
        } catch (RuntimeException e) {
            problem = Optional.of(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown"));
        }
        Duration took = protocol.took().orElse(Duration.ofNanos(System.nanoTime() - start));
        return new Told(new StepResult(step, took, problem), protocol.lines());
    }

    static void requireEqual(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new Mismatch(what + " is " + actual + ", not " + expected);
        }
    }
}
