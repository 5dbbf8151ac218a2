package org.fapipack.core.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.fapipack.core.consent.ConsentReference.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentReferenceTest {

    private static final ConsentReference SCOPE = new ConsentReference(Place.SCOPE, "consent:", Optional.empty());
    private static final ConsentReference CLAIM = new ConsentReference(Place.CLAIM, "intent", Optional.empty());
    private static final ConsentReference TOP =
            new ConsentReference(Place.TOP_LEVEL_CLAIM, "arrangement", Optional.empty());
    private static final ConsentReference DETAILS = new ConsentReference(
            Place.AUTHORIZATION_DETAILS, "account-access", Optional.of(new MemberPath(List.of("consent", "id"))));

    private static AuthorizationParameters scope(String scope) {
        return new AuthorizationParameters(Optional.of(scope), Optional.empty(), Optional.empty());
    }

    private static AuthorizationParameters claims(String claims) {
        return new AuthorizationParameters(Optional.empty(), Optional.of(claims), Optional.empty());
    }

    private static AuthorizationParameters details(String details) {
        return new AuthorizationParameters(Optional.empty(), Optional.empty(), Optional.of(details));
    }

    @ParameterizedTest
    @CsvSource({
        "openid accounts,",
        "openid consent:urn:bank:C1,urn:bank:C1",
        "consent:1 openid consent:1,1",
        "Consent:1,",
        "openid  consent:1 ,1"
    })
    void aScopeNamesAConsent(String scope, String id) throws AuthorizationRefusal {
        assertThat(SCOPE.id(scope(scope))).isEqualTo(Optional.ofNullable(id));
    }

    @ParameterizedTest
    @CsvSource({
        "consent:1 consent:2,SEVERAL",
        "consent:,MALFORMED",
        "consent:\u00e9,MALFORMED",
        "consent:\"1\",MALFORMED"
    })
    void aScopeThatNamesNoneOrTwoIsRefused(String scope, AuthorizationDefect defect) {
        assertRefused(SCOPE, scope(scope), defect);
    }

    @Test
    void theLongestIdAndOneCharacterMore() throws AuthorizationRefusal {
        String longest = "x".repeat(128);

        assertThat(SCOPE.id(scope("consent:" + longest))).contains(longest);
        assertRefused(SCOPE, scope("consent:x" + longest), AuthorizationDefect.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                                              |
            {"id_token":{"acr":{"essential":true}}}                                         |
            {"id_token":{"intent":{"value":"1"}}}                                           | 1
            {"userinfo":{"intent":{"essential":true,"value":"1"}}}                          | 1
            {"id_token":{"intent":{"value":"1"}},"userinfo":{"intent":{"value":"1"}}}       | 1
            {"intent":{"value":"1"}}                                                        |
            {"unknown":7,"id_token":{"intent":{"value":"1","unknown":[]}}}                  | 1
            """)
    void aClaimWithAValueNamesAConsent(String claims, String id) throws AuthorizationRefusal {
        assertThat(CLAIM.id(claims(claims))).isEqualTo(Optional.ofNullable(id));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"id_token":{"intent":null}}                                                    | MALFORMED
            {"id_token":{"intent":"1"}}                                                     | MALFORMED
            {"id_token":{"intent":{"values":["1"]}}}                                        | MALFORMED
            {"id_token":{"intent":{"value":1}}}                                             | MALFORMED
            {"id_token":{"intent":{"value":""}}}                                            | MALFORMED
            {"id_token":{"intent":{"value":"1","value":"1"}}}                               | MALFORMED
            {"id_token":{"intent":{"value":"1"}}                                            | MALFORMED
            []                                                                              | MALFORMED
            {"id_token":{"intent":{"value":"1"}},"userinfo":{"intent":{"value":"2"}}}       | SEVERAL
            {"id_token":{"intent":{"value":"1"}},"userinfo":{"intent":{}}}                  | MALFORMED
            """)
    void aClaimThatNamesNoneOrTwoIsRefused(String claims, AuthorizationDefect defect) {
        assertRefused(CLAIM, claims(claims), defect);
    }

    @Test
    void aClaimBesideTheOthersNamesAConsent() throws AuthorizationRefusal {
        assertThat(TOP.id(claims("{\"arrangement\":\"1\",\"sharing_duration\":60}")))
                .contains("1");
        assertThat(TOP.id(claims("{\"sharing_duration\":60}"))).isEmpty();
        assertThat(TOP.id(claims("{\"arrangement\":null}"))).isEmpty();
        assertRefused(TOP, claims("{\"arrangement\":{\"value\":\"1\"}}"), AuthorizationDefect.MALFORMED);
    }

    @Test
    void authorizationDetailsNameAConsent() throws AuthorizationRefusal {
        String mine = "{\"type\":\"account-access\",\"consent\":{\"id\":\"1\"}}";
        String other = "{\"type\":\"other\"}";

        assertThat(DETAILS.id(details("[" + other + "," + mine + "]"))).contains("1");
        assertThat(DETAILS.id(details("[" + other + "]"))).isEmpty();
        assertThat(DETAILS.id(scope("openid"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[",
                "[{\"type\":\"account-access\"}]",
                "[{\"type\":\"account-access\",\"consent\":\"1\"}]",
                "[{\"type\":\"account-access\",\"consent\":{\"id\":1}}]"
            })
    void authorizationDetailsThatNameNoneAreRefused(String details) {
        assertRefused(DETAILS, details(details), AuthorizationDefect.MALFORMED);
    }

    @Test
    void authorizationDetailsThatNameTwoAreRefused() {
        assertRefused(
                DETAILS,
                details("[{\"type\":\"account-access\",\"consent\":{\"id\":\"1\"}},"
                        + "{\"type\":\"account-access\",\"consent\":{\"id\":\"2\"}}]"),
                AuthorizationDefect.SEVERAL);
    }

    private static void assertRefused(
            ConsentReference reference, AuthorizationParameters request, AuthorizationDefect defect) {
        assertThatThrownBy(() -> reference.id(request))
                .isInstanceOfSatisfying(
                        AuthorizationRefusal.class,
                        refused -> assertThat(refused.defect()).isEqualTo(defect));
    }
}
