package org.fapipack.introspection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DisclosedClaimsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void scopeIsNarrowedToTheResourceServers() {
        assertThat(narrow("{\"active\":true,\"scope\":\"openid accounts payments\"}", Set.of()))
                .isEqualTo(read("{\"active\":true,\"scope\":\"accounts\"}"));
    }

    @Test
    void aScopeOfWhichNothingIsLeftIsLeftOut() {
        assertThat(narrow("{\"active\":true,\"scope\":\"openid payments\"}", Set.of()))
                .isEqualTo(read("{\"active\":true}"));
    }

    @Test
    void aTokenWithoutScopeStaysWithoutScope() {
        assertThat(narrow("{\"active\":true}", Set.of())).isEqualTo(read("{\"active\":true}"));
    }

    @Test
    void claimsAboutThePersonNeedPermission() {
        String description =
                "{\"active\":true,\"sub\":\"s\",\"cnf\":{\"jkt\":\"t\"},\"email\":\"a@b\",\"username\":\"a\",\"act\":{\"sub\":\"boss\"},\"realm_access\":{}}";
        assertThat(narrow(description, Set.of()))
                .isEqualTo(read("{\"active\":true,\"sub\":\"s\",\"cnf\":{\"jkt\":\"t\"}}"));
        assertThat(narrow(description, Set.of("email")))
                .isEqualTo(read("{\"active\":true,\"sub\":\"s\",\"cnf\":{\"jkt\":\"t\"},\"email\":\"a@b\"}"));
    }

    private static ObjectNode narrow(String description, Set<String> extraClaims) {
        return new DisclosedClaims(Set.of("accounts"), extraClaims).narrow(read(description));
    }

    private static ObjectNode read(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
