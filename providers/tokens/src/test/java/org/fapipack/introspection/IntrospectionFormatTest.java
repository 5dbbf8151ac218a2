package org.fapipack.introspection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.fapipack.core.http.AcceptHeader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntrospectionFormatTest {

    @ParameterizedTest(name = "{0}: {1}, signed only: {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "application/token-introspection+jwt                               | JWT            | JWT",
                "application/token-introspection+jwt;q=0.9, application/json;q=0.8 | JWT            | JWT",
                "application/token-introspection+jwt;q=0.8, application/json;q=0.9 | JSON           | JWT",
                "application/json, application/token-introspection+jwt             | JWT            | JWT",
                "application/token-introspection+jwt, */*                          | JWT            | JWT",
                "application/token-introspection+jwt;q=0.5, */*                    | JSON           | JWT",
                "application/json                                                  | JSON           | NOT_ACCEPTABLE",
                "*/*                                                               | JSON           | JWT",
                "application/*                                                     | JSON           | JWT",
                "-                                                                 | JSON           | JWT",
                "application/jwt                                                   | NOT_ACCEPTABLE | NOT_ACCEPTABLE",
                "text/html                                                         | NOT_ACCEPTABLE | NOT_ACCEPTABLE",
                "application/token-introspection+jwt;q=0                           | NOT_ACCEPTABLE | NOT_ACCEPTABLE",
                "application/token-introspection+jwt;q=0, application/json         | JSON           | NOT_ACCEPTABLE",
                "application/token-introspection+jwt;q=0, */*                      | JSON           | NOT_ACCEPTABLE",
            })
    void theAcceptHeaderDecides(String accept, IntrospectionFormat usual, IntrospectionFormat signedOnly) {
        AcceptHeader header = AcceptHeader.of(accept == null ? List.of() : List.of(accept));
        assertThat(IntrospectionFormat.choose(header, false)).isEqualTo(usual);
        assertThat(IntrospectionFormat.choose(header, true)).isEqualTo(signedOnly);
    }
}
