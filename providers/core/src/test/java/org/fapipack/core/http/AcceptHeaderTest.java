package org.fapipack.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptHeaderTest {

    private static final String JWT = "application/token-introspection+jwt";

    @Test
    void anAbsentHeaderAcceptsEverythingAndNamesNothing() {
        AcceptHeader absent = AcceptHeader.of(List.of());
        assertThat(absent.quality(JWT)).isEqualTo(1);
        assertThat(absent.names(JWT)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/token-introspection+jwt            | 1    | true",
                "APPLICATION/Token-Introspection+JWT            | 1    | true",
                "application/token-introspection+jwt;q=0.5      | 0.5  | true",
                "application/token-introspection+jwt ; Q=0.123  | 0.123| true",
                "application/token-introspection+jwt;v=1;q=0.2  | 0.2  | true",
                "application/token-introspection+jwt;q=0        | 0    | false",
                "application/token-introspection+jwt;q=0.000    | 0    | false",
                "application/*;q=0.3                            | 0.3  | false",
                "*/*;q=0.1                                      | 0.1  | false",
                "application/*;q=0.3, */*;q=0.9                 | 0.3  | false",
                "application/token-introspection+jwt;q=0, */*   | 0    | false",
                "text/html                                      | 0    | false",
                "text/html, application/token-introspection+jwt | 1    | true",
            })
    void theMostSpecificRangeDecides(String line, double quality, boolean names) {
        AcceptHeader accept = AcceptHeader.of(List.of(line));
        assertThat(accept.quality(JWT)).isEqualTo(quality);
        assertThat(accept.names(JWT)).isEqualTo(names);
    }

    @Test
    void severalLinesAreOneList() {
        AcceptHeader accept = AcceptHeader.of(List.of("application/json;q=0.4", JWT + ";q=0.6"));
        assertThat(accept.quality("application/json")).isEqualTo(0.4);
        assertThat(accept.quality(JWT)).isEqualTo(0.6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                ";",
                "/",
                "application/",
                "/json",
                "application",
                "application/token-introspection+jwt;q=",
                "application/token-introspection+jwt;q=2",
                "application/token-introspection+jwt;q=1.1",
                "application/token-introspection+jwt;q=-1",
                "application/token-introspection+jwt;q=0.1234",
                "application/token-introspection+jwt;q=00",
                "application/token-introspection+jwt;q=x",
                "application/token-introspection+jwt;q=1e0",
            })
    void aRangeThatIsNotWellFormedMatchesNothing(String line) {
        assertThat(AcceptHeader.of(List.of(line)).quality(JWT)).isZero();
    }

    @Test
    void anAbsurdlyLongHeaderIsReadInLinearTime() {
        String line = "text/x;q=0.1,".repeat(1_000_000) + JWT;
        assertThat(AcceptHeader.of(List.of(line)).names(JWT)).isTrue();
    }
}
