package org.fapipack.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void ofAnOddNumberTakesTheMiddle() {
        assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(2.0, 1.0, 9.0));
    }

    @Test
    void ofAnEvenNumberTakesTheMeanOfBothMiddleOnes() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(3.0, 1.0, 9.0));
    }

    @Test
    void ofNothingIsAnError() {
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsMedianThenRange() {
        assertThat(new Spread(511.6, 498.2, 530.0).text(0)).isEqualTo("512 (498-530)");
        assertThat(new Spread(0.2, -0.1, 0.3).text(1)).isEqualTo("0.2 (-0.1 to 0.3)");
    }
}
