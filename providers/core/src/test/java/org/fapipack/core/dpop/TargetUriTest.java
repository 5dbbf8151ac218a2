package org.fapipack.core.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetUriTest {

    @ParameterizedTest
    @CsvSource({
        "https://as.example.com/token, https://as.example.com/token",
        "HTTPS://AS.Example.com/token, https://as.example.com/token",
        "https://as.example.com:443/token, https://as.example.com/token",
        "http://as.example.com:80/token, http://as.example.com/token",
        "https://as.example.com:80/token, https://as.example.com:80/token",
        "https://as.example.com:8443/token, https://as.example.com:8443/token",
        "https://as.example.com, https://as.example.com/",
        "https://as.example.com/token?x=y, https://as.example.com/token",
        "https://as.example.com/token#x, https://as.example.com/token",
        "https://as.example.com/a/./b/../token, https://as.example.com/a/token",
        "https://as.example.com/../token, https://as.example.com/token",
        "https://as.example.com/a/.., https://as.example.com/",
        "https://as.example.com/%74oken, https://as.example.com/token",
        "https://as.example.com/%7Etoken, https://as.example.com/~token",
        "https://as.example.com/a%2fb, https://as.example.com/a%2Fb",
        "https://as.example.com/token/, https://as.example.com/token/",
        "https://as.example.com//token, https://as.example.com//token",
        "https://[2001:DB8::1]/token, https://[2001:db8::1]/token"
    })
    void sameUrisBecomeEqual(String text, String normalized) {
        assertThat(TargetUri.normalized(text)).contains(normalized);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/token",
                "//as.example.com/token",
                "ftp://as.example.com/token",
                "urn:x",
                "https:",
                "https:///token",
                "https://user@as.example.com/token",
                "https://as.example.com/%zz",
                "https://as.example.com/a b"
            })
    void whatIsNoHttpUriIsNone(String text) {
        assertThat(TargetUri.normalized(text)).isEmpty();
    }
}
