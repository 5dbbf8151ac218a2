package org.fapipack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StyleTest {

    @Test
    void coloursOnlyOnATerminalThatWantsThem() {
        assertThat(Style.of(true, null, "xterm", "en_US.UTF-8").colours()).isTrue();
        assertThat(Style.of(true, "", "xterm", null).colours()).isTrue();
        assertThat(Style.of(false, null, "xterm", null).colours()).isFalse();
        assertThat(Style.of(true, "1", "xterm", null).colours()).isFalse();
        assertThat(Style.of(true, null, "dumb", null).colours()).isFalse();
    }

    @Test
    void asciiOnlyWhereTheCharacterSetIsAnother() {
        assertThat(Style.of(true, null, null, "de_DE.utf8").unicode()).isTrue();
        assertThat(Style.of(true, null, null, "C").unicode()).isTrue();
        assertThat(Style.of(true, null, null, "de_DE.ISO-8859-1").unicode()).isFalse();
    }

    @Test
    void plainTextHasNoEscapes() {
        assertThat(Style.PLAIN.tick() + Style.PLAIN.bold("x") + Style.PLAIN.cross())
                .isEqualTo("okxFAILED");
    }

    @Test
    void widthCountsWhatIsSeen() {
        Style style = new Style(true, true);

        assertThat(Style.width(style.bold("four") + style.tick())).isEqualTo(5);
    }
}
