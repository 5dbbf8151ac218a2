package org.fapipack.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MachineLoadTest {

    @Test
    void countsEverythingButIdleAndWaitingAsBusy() {
        // user nice system idle iowait irq softirq steal guest guest_nice
        MachineLoad load = MachineLoad.parse("cpu  10 20 30 400 50 1 2 3 4 5\ncpu0 1 1 1 1 1 1 1 1 1 1\n");

        assertThat(load).isEqualTo(new MachineLoad(66, 516));
    }

    @Test
    void leavesToOthersWhatIsNotOurs() {
        MachineLoad earlier = new MachineLoad(1000, 5000);
        MachineLoad now = new MachineLoad(2200, 6600);

        // 1200 of 1600 ticks busy; ours: 6 s of 2 processors x 8 s
        assertThat(now.othersSince(earlier, Duration.ofSeconds(6), Duration.ofSeconds(8), 2)
                        .getAsDouble())
                .isCloseTo(0.375, within(1e-9));
    }

    @Test
    void isNeverLessThanNothing() {
        assertThat(new MachineLoad(10, 100)
                        .othersSince(new MachineLoad(0, 0), Duration.ofSeconds(8), Duration.ofSeconds(8), 2))
                .hasValue(0);
    }

    @Test
    void refusesAnotherFormat() {
        assertThatThrownBy(() -> MachineLoad.parse("intr 1 2 3 4 5 6 7 8 9"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
