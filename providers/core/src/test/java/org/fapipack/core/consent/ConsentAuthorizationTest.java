package org.fapipack.core.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a type of consent demands of the customer who decides. */
class ConsentAuthorizationTest {

    private static final String TEXT = """
        [{
          "name": "sample", "path": "a/b", "client-scope": "lodge", "id-prefix": "",
          "members": {
            "data": "data", "id": "id", "status": "status", "created": "created", "updated": "updated",
            "required": ["sum"], "optional": ["from"]
          },
          "states": {"awaiting": "W", "authorised": "A", "expired": "E"},
          "moves": [
            {"from": ["awaiting"], "to": "authorised", "by": ["customer"]},
            {"from": ["awaiting", "authorised"], "to": "expired", "by": ["server"]}
          ],
          "permissions": {"PAY": ["payments"]},
          "unknown-permissions": "refuse", "max-permissions": 1, "max-body-bytes": 256,
          "awaiting-timeout-seconds": 60, "timeout-state": "expired",
          "authorization": {
            "reference": {"in": "scope", "name": "pay:"},
            "scopes-beyond": "drop", "scopes-missing": "accept"%s,
            "page": {"groups": [{"name": "pay", "permissions": ["PAY"]}], %s}
          }
        }]\
        """;

    private static final String ONE = "\"accounts\": \"one\", \"fields\": {\"debtor-account\": \"from\"}";
    private static final String BODY = "{\"data\":{\"sum\":1,\"from\":\"4711\"}}";

    private static ConsentType type(String demands, String page) throws InvalidConsentType {
        return ConsentType.readAll(TEXT.formatted(demands, page)).get(0);
    }

    @Test
    void anAccountThatTheClientNamesBindsUnlessTheDataSayOtherwise() throws InvalidConsentType {
        assertThat(type("", ONE).boundAccount(BODY)).contains("4711");
        assertThat(type("", ONE).boundAccount("{\"data\":{\"sum\":1}}")).isEmpty();
        assertThat(type("", ONE + ", \"named-account\": \"binding\"").boundAccount(BODY))
                .contains("4711");
        assertThat(type("", ONE + ", \"named-account\": \"suggestion\"").boundAccount(BODY))
                .isEmpty();
        assertThat(type("", ONE.replace("one", "none")).boundAccount(BODY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"accounts\": \"one\", \"named-account\": \"binding\"",
                "\"accounts\": \"none\", \"fields\": {\"debtor-account\": \"from\"}, \"named-account\": \"binding\"",
                "\"accounts\": \"one\", \"fields\": {\"debtor-account\": \"from\"}, \"named-account\": \"free\""
            })
    void whetherItBindsIsSaidOnlyWhereAnAccountCanBeNamed(String page) {
        assertThatThrownBy(() -> type("", page))
                .isInstanceOf(InvalidConsentType.class)
                .hasMessageContaining("'named-account'");
    }

    @Test
    void aContextClassCanBeDemanded() throws InvalidConsentType {
        assertThat(type("", ONE).authorization().orElseThrow().acr()).isEmpty();
        assertThat(type(", \"acr\": \"urn:x:gold\"", ONE)
                        .authorization()
                        .orElseThrow()
                        .acr())
                .contains("urn:x:gold");
    }

    /** What a device does is known to whoever describes the type. */
    @Test
    void aDeviceCanReachTheContextClass() throws InvalidConsentType {
        ConsentAuthorization authorization = type(
                        ", \"acr\": \"urn:x:gold\", \"backchannel-parameter\": \"view\", \"backchannel-reaches-acr\": true",
                        ONE)
                .authorization()
                .orElseThrow();

        assertThat(authorization.acr()).contains("urn:x:gold");
        assertThat(authorization.backchannelParameter()).contains("view");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'acr': 'gold', 'backchannel-parameter': 'view' | 'backchannel-parameter'",
                "'acr': 'gold', 'backchannel-parameter': 'view', 'backchannel-reaches-acr': false | 'backchannel-parameter'",
                "'acr': 'gold', 'backchannel-parameter': 'view', 'backchannel-reaches-acr': 'yes' | 'backchannel-reaches-acr'",
                "'acr': 'gold', 'backchannel-reaches-acr': true | 'backchannel-reaches-acr'",
                "'backchannel-parameter': 'view', 'backchannel-reaches-acr': true | 'backchannel-reaches-acr'",
                "'acr': '' | 'acr'",
                "'acr': 'a b' | 'acr'",
                "'acr': ['gold'] | 'acr'",
                "'requested-claims': ['cpf'] | 'requested-claims'",
                "'requested-claims': {'cpf': 7} | 'cpf'",
                "'requested-claims': {'cpf': ''} | 'cpf'"
            })
    void demandsOutOfBoundsAreRefused(String demand, String named) {
        assertThatThrownBy(() -> type(", " + demand.replace('\'', '"'), ONE))
                .isInstanceOf(InvalidConsentType.class)
                .hasMessageContaining(named.strip());
    }

    @Test
    void requestedValuesOfKnownClaimsAreRead() throws Exception {
        ConsentAuthorization authorization = type(", \"requested-claims\": {\"cpf\": \"tax-id\"}", ONE)
                .authorization()
                .orElseThrow();
        assertThat(authorization.requestedValues(Optional.empty())).isEmpty();
        assertThat(authorization.requestedValues(Optional.of("{\"id_token\":{\"cpf\":null,\"x\":{\"value\":7}}}")))
                .isEmpty();
        assertThat(
                        authorization.requestedValues(
                                Optional.of(
                                        "{\"id_token\":{\"cpf\":{\"value\":\"1\"}},\"userinfo\":{\"cpf\":{\"values\":[\"1\",\"2\"]}}}")))
                .containsExactly(
                        new RequestedValue("tax-id", Set.of("1")), new RequestedValue("tax-id", Set.of("1", "2")));
        assertThat(authorization.requestedValues(Optional.of("{\"userinfo\":{\"cpf\":{\"value\":[\"1\",\"2\"]}}}")))
                .containsExactlyInAnyOrder(
                        new RequestedValue("tax-id", Set.of("1")), new RequestedValue("tax-id", Set.of("2")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "null", "{}", "[]", "[null]", "[\"1\",2]", "[[\"1\"]]", "true"})
    void aRequestedValueIsATextOrTexts(String value) throws InvalidConsentType {
        ConsentAuthorization authorization = type(", \"requested-claims\": {\"cpf\": \"tax-id\"}", ONE)
                .authorization()
                .orElseThrow();
        for (String member : new String[] {"value", "values"}) {
            String claims = "{\"id_token\":{\"cpf\":{\"" + member + "\":" + value + "}}}";
            assertThatThrownBy(() -> authorization.requestedValues(Optional.of(claims)))
                    .isInstanceOfSatisfying(
                            AuthorizationRefusal.class,
                            refusal -> assertThat(refusal.defect()).isEqualTo(AuthorizationDefect.MALFORMED));
        }
    }
}
