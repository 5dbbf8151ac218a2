package org.fapipack.consent.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownAmountTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            en    | 1234.5             | GBP | £1,234.50
            de    | 1234.50            | EUR | 1.234,50 €
            pt-BR | 1234.50            | BRL | R$ 1.234,50
            ar    | 165.88             | GBP | UK£ 165.88
            en    | 1500               | JPY | ¥1,500
            en    | 0.123              | GBP | £0.123
            en    | 999999999999999999 | EUR | €999,999,999,999,999,999.00
            """)
    void isWrittenAsInTheLanguageWithEveryDigit(Locale locale, String amount, String currency, String shown) {
        assertThat(ShownAmount.in(locale, amount, currency).replace('\u00a0', ' '))
                .isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1e9999999 | GBP
            -1        | GBP
            1,5       | GBP
            1.        | GBP
            .5        | GBP
            ten       | GBP
            1.50      | Pound
            1.50      | ZZZ
            1.50      | gbp
            """)
    void whatIsNoAmountIsShownAsItIs(String amount, String currency) {
        assertThat(ShownAmount.in(Locale.ENGLISH, amount, currency)).isEqualTo(amount + ' ' + currency);
    }

    @ParameterizedTest
    @CsvSource({"1.50, ''", "'', GBP", "'', ''"})
    void whatIsMissingLeavesNothingBehind(String amount, String currency) {
        assertThat(ShownAmount.in(Locale.ENGLISH, amount, currency)).isEqualTo(amount + currency);
    }
}
