package org.fapipack.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "1",
                "{",
                "{\"a\":1,\"a\":1}",
                "{\"b\":{\"a\":1,\"a\":1}}",
                "{\"a\":01}",
                "{\"a\":1,}",
                "{a:1}",
                "{} {}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\u0001\"}",
                "{\"a\":NaN}",
                "{\"\\u0061\":1,\"a\":2}"
            })
    void refusesWhatIsNoCleanObject(String text) {
        assertThatThrownBy(() -> Json.object(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsWholeNumbersAsLong() {
        assertThat(Json.object("{\"a\":1,\"b\":1.5,\"c\":[{\"d\":null}]}"))
                .containsEntry("a", 1L)
                .containsEntry("b", 1.5);
    }

    @Test
    void writesWhatItReads() {
        String text = "{\"a\":[1,\"<&>\",{\"b\":true}]}";

        assertThat(Json.write(Json.object(text))).isEqualTo(text);
        assertThat(Json.write(List.of(Map.of("a", 1)))).isEqualTo("[{\"a\":1}]");
        assertThat(Json.object(" { \"a\" : \"\\u00fc\\n\\/\" , \"b\" : -1.5e2 } "))
                .containsEntry("a", "\u00fc\n/")
                .containsEntry("b", -150.0);
        assertThat(Json.objects("[{\"a\":1}]")).containsExactly(Map.of("a", 1L));
    }
}
