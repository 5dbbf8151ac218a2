package org.fapipack.core.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTypeTest {

    @Test
    void theOrderOfWordsDoesNotMatter() {
        assertThat(ResponseType.of("id_token code")).isEqualTo(ResponseType.of("code  id_token"));
        assertThat(ResponseType.of("id_token code").isCodeWithIdToken()).isTrue();
    }

    @Test
    void aThirdWordMakesAnotherType() {
        ResponseType all = ResponseType.of("code id_token token");
        assertThat(all.isCodeWithIdToken()).isFalse();
        assertThat(all.carriesAccessToken()).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "code", "code code", "none", "CODE", "id_tokens"})
    void whatNamesNoTokenCarriesNone(String parameter) {
        assertThat(ResponseType.of(parameter).carriesToken()).isFalse();
        assertThat(ResponseType.of(parameter).isCodeWithIdToken()).isFalse();
    }
}
