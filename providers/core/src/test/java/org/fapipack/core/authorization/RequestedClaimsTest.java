package org.fapipack.core.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestedClaimsTest {

    @Test
    void withoutAScopeForThemClaimsAboutThePersonAreNotForTheIdToken() {
        assertThat(RequestedClaims.of("openid accounts", null).notForTheIdToken())
                .hasSize(19)
                .contains("email", "email_verified", "name", "preferred_username", "address", "phone_number")
                .doesNotContain("sub", "acr", "cpf");
    }

    @Test
    void aScopeAsksForItsClaims() {
        assertThat(RequestedClaims.of("openid email", null).notForTheIdToken())
                .contains("name", "phone_number")
                .doesNotContain("email", "email_verified");
    }

    @Test
    void soDoesTheParameterClaims() {
        assertThat(RequestedClaims.of("openid", "{\"id_token\":{\"email\":null},\"userinfo\":{\"name\":null}}")
                        .notForTheIdToken())
                .contains("name", "email_verified")
                .doesNotContain("email");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "profiles", "[]", "{\"id_token\":[]}", "{"})
    void whatIsNoRequestAsksForNothing(String text) {
        assertThat(RequestedClaims.of(text, text).notForTheIdToken()).hasSize(19);
    }
}
