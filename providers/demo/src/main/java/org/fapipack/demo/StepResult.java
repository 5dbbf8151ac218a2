package org.fapipack.demo;

import java.time.Duration;
import java.util.Optional;

/**
 * How a step went.
 *
 * @param problem empty when it passed
 */
record StepResult(Step step, Duration took, Optional<String> problem) {

    boolean passed() {
        return problem.isEmpty();
    }
}
