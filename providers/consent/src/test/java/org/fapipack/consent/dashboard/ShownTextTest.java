package org.fapipack.consent.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShownTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"Budget Planner", "Sparebank \u00c5s", "\u0645\u0635\u0631\u0641", "\ud83c\udfe6 Bank", "<b>&"})
    void namesAreShownAsTheyAre(String name) {
        assertThat(ShownText.of(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000", "\u0007", "\u061c", "\u200b", "\u200e", "\u200f", "\u202a", "\u202e", "\u2028", "\u2066",
                "\u2069", "\ufeff", "\ue000", "\ue001", "\ud800"
            })
    void whatIsNotSeenIsLeftOut(String unseen) {
        assertThat(ShownText.of("a" + unseen + "b")).matches("a ?b");
    }

    @Test
    void whiteSpaceIsABlankAndNullIsNothing() {
        assertThat(ShownText.of(" a\n\tb ")).isEqualTo("a  b");
        assertThat(ShownText.of(null)).isEmpty();
        assertThat(ShownText.of("\u202e")).isEmpty();
    }

    @Test
    void longTextsEndAfterWholeCharacters() {
        assertThat(ShownText.of("x".repeat(200))).hasSize(200);
        assertThat(ShownText.of("x".repeat(201))).hasSize(200);
        assertThat(ShownText.of("\ud83c\udfe6".repeat(300))).isEqualTo("\ud83c\udfe6".repeat(200));
    }

    @ParameterizedTest
    @CsvSource({
        "DE02120300000000202051, \u2022\u2022\u2022\u2022 2051",
        "12345678, \u2022\u2022\u2022\u2022 5678",
        "1234567, \u2022\u2022\u2022\u2022",
        "1, \u2022\u2022\u2022\u2022"
    })
    void ofAnAccountFourCharactersAreShown(String id, String shown) {
        assertThat(ShownText.masked(id)).isEqualTo(shown);
    }
}
