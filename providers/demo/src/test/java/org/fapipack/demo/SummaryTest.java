package org.fapipack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private static StepResult passed(Step step) {
        return new StepResult(step, Duration.ofMillis(12), Optional.empty());
    }

    private static final List<StepResult> ALL =
            Arrays.stream(MessageSigningStep.values()).map(SummaryTest::passed).toList();

    @Test
    void namesTheStepThatFailed() {
        List<StepResult> failedLast = new ArrayList<>(ALL.subList(0, 6));
        failedLast.add(new StepResult(MessageSigningStep.INTROSPECTION, Duration.ZERO, Optional.of("no")));

        assertThat(new Summary.Column("DPoP", ALL).problems()).isEmpty();
        assertThat(new Summary.Column("DPoP", failedLast).problems()).containsExactly("DPoP, step 7 failed: no");
    }

    @Test
    void countsStepsAndShowsThoseThatWereNotReached() {
        Summary summary = new Summary(
                List.of(MessageSigningStep.values()),
                List.of(new Summary.Column("DPoP", ALL), new Summary.Column("mTLS", ALL.subList(0, 2))),
                Duration.ofMillis(12_340));

        List<String> lines = summary.lines(Style.PLAIN);

        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .contains("3  The customer consents")
                        .contains("12 ms ok")
                        .endsWith("-"));
        assertThat(lines.get(lines.size() - 1)).contains("10 of 16 steps passed; server ready after 12.3 s");
    }

    @Test
    void numbersTheStepsInTheirOrder() {
        assertThat(Arrays.stream(MessageSigningStep.values()).map(Step::number))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(Arrays.stream(ConsentStep.values()).map(Step::number)).containsExactly(1, 2, 3, 4, 5, 6, 7);
    }
}
