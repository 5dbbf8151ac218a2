package org.fapipack.demo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.junit.jupiter.api.Test;

class IntrospectionReportTest {

    private static final Form FORM = Form.of("token", "the token", "client_assertion", "a.b.c");

    private static final Exchange EXCHANGE = new Exchange(
            "POST",
            URI.create("https://localhost:8443/introspect"),
            Headers.of("Accept", "one").add("Accept", "two\n\"quoted\""),
            FORM,
            FORM.encode(),
            200,
            Map.of("content-type", List.of("application/token-introspection+jwt")),
            "x\ny.\u00e4",
            Duration.ofNanos(123_456_789));

    @Test
    void aReportSurvivesItsLine() {
        IntrospectionReport report = new IntrospectionReport(EXCHANGE, Optional.empty(), true, "PS256");

        String line = report.toLine();

        assertThat(line).doesNotContain("\n");
        assertThat(IntrospectionReport.parse(line)).isEqualTo(report);
        assertThat(report.token()).contains("the token");
        assertThat(report.toString()).doesNotContain("the token");
    }

    @Test
    void aRejectionSurvivesItsLine() {
        IntrospectionReport report = new IntrospectionReport(EXCHANGE, Optional.of("downgrade: x"), false, "");

        assertThat(IntrospectionReport.parse(report.toLine())).isEqualTo(report);
    }

    @Test
    void anyOtherLineIsRefused() {
        assertThatThrownBy(() -> IntrospectionReport.parse("ready")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IntrospectionReport.parse("{}")).isInstanceOf(IllegalArgumentException.class);
    }
}
