package org.fapipack.testkit.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RealmTemplateTest {

    @Test
    void replacesVariablesByValuesOrDefaults() {
        RealmTemplate template = RealmTemplate.of("{\"realm\":\"${FAPI_REALM_NAME:fapi}\",\"url\":\"${URL:}\"}");

        assertThat(template.json()).isEqualTo("{\"realm\":\"fapi\",\"url\":\"\"}");
        assertThat(template.with("FAPI_REALM_NAME", "a$b").json()).isEqualTo("{\"realm\":\"a$b\",\"url\":\"\"}");
    }

    @Test
    void leavesMessageKeysAlone() {
        assertThat(RealmTemplate.of("${client_account} ${rolesScopeConsentText}")
                        .json())
                .isEqualTo("${client_account} ${rolesScopeConsentText}");
    }

    @Test
    void namesAVariableWithoutValue() {
        assertThatThrownBy(() -> RealmTemplate.of("${FAPI_HOST}").json()).hasMessageContaining("FAPI_HOST");
    }
}
