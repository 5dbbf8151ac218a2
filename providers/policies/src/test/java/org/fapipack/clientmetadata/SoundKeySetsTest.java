package org.fapipack.clientmetadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SoundKeySetsTest {

    private static final String DEFECT = "jwks is not a JWK Set";

    private final List<String> judged = new ArrayList<>();

    private final SoundKeySets sets = new SoundKeySets(jwks -> {
        judged.add(jwks);
        return jwks.startsWith("sound") ? Optional.empty() : Optional.of(DEFECT);
    });

    @Test
    void aSoundSetIsReadOnce() {
        assertThat(sets.firstDefect("sound")).isEmpty();
        assertThat(sets.firstDefect("sound")).isEmpty();
        assertThat(judged).containsExactly("sound");
    }

    @Test
    void aSetThatChangedIsReadAnew() {
        assertThat(sets.firstDefect("sound")).isEmpty();
        assertThat(sets.firstDefect("soun")).contains(DEFECT);
        assertThat(sets.firstDefect("sound ")).isEmpty();
        assertThat(judged).containsExactly("sound", "soun", "sound ");
    }

    @Test
    void anUnsoundSetIsReadEachTime() {
        assertThat(sets.firstDefect("no")).contains(DEFECT);
        assertThat(sets.firstDefect("no")).contains(DEFECT);
        assertThat(judged).hasSize(2);
    }

    @Test
    void aLongSetIsReadEachTime() {
        String longest = "sound" + "x".repeat(8_192 - 5);
        for (String jwks : List.of(longest, longest, longest + "x", longest + "x")) {
            assertThat(sets.firstDefect(jwks)).isEmpty();
        }
        assertThat(judged).containsExactly(longest, longest + "x", longest + "x");
    }

    @Test
    void theOneUsedLongestAgoMakesRoom() {
        for (int set = 0; set < 1_000; set++) {
            assertThat(sets.firstDefect("sound" + set)).isEmpty();
        }
        assertThat(sets.firstDefect("sound0")).isEmpty();
        assertThat(judged).hasSize(1_000);

        assertThat(sets.firstDefect("sound1000")).isEmpty();
        assertThat(sets.firstDefect("sound0")).isEmpty();
        assertThat(judged).hasSize(1_001);
        assertThat(sets.firstDefect("sound1")).isEmpty();
        assertThat(judged).hasSize(1_002);
    }
}
