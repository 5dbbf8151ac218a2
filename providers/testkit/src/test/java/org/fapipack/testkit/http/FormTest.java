package org.fapipack.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FormTest {

    @Test
    void encodesAndParsesWhatFormsMayContain() {
        Form form = Form.of("scope", "openid accounts", "redirect_uri", "https://c.example.test/?a=b&c", "ü", "%+");

        assertThat(form.encode())
                .isEqualTo(
                        "scope=openid+accounts&redirect_uri=https%3A%2F%2Fc.example.test%2F%3Fa%3Db%26c&%C3%BC=%25%2B");
        assertThat(Form.parse(form.encode())).isEqualTo(form);
    }

    @Test
    void keepsARepeatedNameAndSetReplacesAll() {
        Form twice = Form.of("a", "1", "b", "2").add("a", "3");

        assertThat(twice.all("a")).containsExactly("1", "3");
        assertThat(twice.set("a", "4").encode()).isEqualTo("b=2&a=4");
        assertThat(twice.remove("a").encode()).isEqualTo("b=2");
    }

    @Test
    void neverPrintsValues() {
        assertThat(Form.of("client_assertion", "secret")).hasToString("Form[client_assertion]");
    }

    @Test
    void refusesANameWithoutAValue() {
        assertThatThrownBy(() -> Form.of("a")).isInstanceOf(IllegalArgumentException.class);
    }
}
