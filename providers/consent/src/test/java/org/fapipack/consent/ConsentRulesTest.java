package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.core.consent.InvalidConsentType;
import org.junit.jupiter.api.Test;

class ConsentRulesTest {

    private static final Path TYPES = Path.of("../../client-policies/consent-types");

    private static List<ConsentType> types(String file) throws IOException, InvalidConsentType {
        return ConsentType.readAll(Files.readString(TYPES.resolve(file)));
    }

    @Test
    void oneMorePolicyNeverTakesTheGuardFromAScope() throws Exception {
        ConsentRules accounts = ConsentRules.of(types("uk-accounts.json"));
        ConsentRules payments = ConsentRules.of(types("uk-payment.json"));

        ConsentRules both = accounts.and(payments);

        assertThat(both.types()).isEmpty();
        assertThat(both.guardedScopes()).contains("accounts", "payments");
        assertThat(both.guardedScopes()).containsAll(accounts.guardedScopes()).containsAll(payments.guardedScopes());
    }

    @Test
    void twoPoliciesThatSayTheSameAreOne() throws Exception {
        ConsentRules once = ConsentRules.of(types("uk-accounts.json"));

        assertThat(once.and(ConsentRules.of(types("uk-accounts.json")))).isEqualTo(once);
    }
}
