package org.fapipack.core.consent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What signed bodies of an invented ecosystem have to say; whether a signature is good is not looked at here. */
class SignedBodiesTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Instant NOW = Instant.ofEpochSecond(1_767_225_600, 999_999_999);
    private static final BodyParties PARTIES = new BodyParties("shop", "https://bank.test", "https://bank.test/gifts");

    private static final String TYPE = """
        {
          "name": "gift", "path": "gifts", "client-scope": "give", "id-prefix": "g.",
          "members": {
            "data": "gift", "id": "id", "status": "status", "created": "created", "updated": "updated",
            "required": ["sum"], "beside-data": ["card"]
          },
          "states": {"awaiting": "W", "authorised": "A", "rejected": "R", "expired": "E"},
          "moves": [
            {"from": ["awaiting"], "to": "rejected", "by": ["server"]},
            {"from": ["awaiting", "authorised"], "to": "expired", "by": ["server"]}
          ],
          "permissions": {"GIVE": []},
          "unknown-permissions": "refuse", "max-permissions": 1, "max-body-bytes": 1000,
          "awaiting-timeout-seconds": 60, "timeout-state": "rejected",
          "signed-bodies": %s
        }\
        """;

    private static final String JWT = "{'form':'jwt','max-age-seconds':50,'clock-skew-seconds':5}";
    private static final String DETACHED =
            "{'form':'detached','header':'x-sign','claim-prefix':'urn:gift:','trust-anchor':'keys.test','clock-skew-seconds':0}";

    private static final String HEADER = "{'alg':'PS256','kid':'k1'}";
    private static final String CLAIMS =
            "{'iss':'shop','aud':'https://bank.test/gifts','iat':1767225600,'jti':'j1','gift':{'sum':1}}";
    private static final String DETACHED_HEADER =
            "{'alg':'PS256','kid':'k1','urn:gift:iat':1767225600,'urn:gift:iss':'shop',"
                    + "'urn:gift:tan':'keys.test','crit':['urn:gift:iat','urn:gift:iss','urn:gift:tan']}";
    private static final String BODY = "{\"gift\": {\"sum\": 1.00}}";

    private static ConsentType type(String signed) throws InvalidConsentType {
        return ConsentType.readAll('[' + TYPE.formatted(quoted(signed)) + ']').get(0);
    }

    private static SignedBodies rules(String signed) throws InvalidConsentType {
        return type(signed).signedBodies().orElseThrow();
    }

    @Test
    void defaultsAreThoseOfFapi() throws Exception {
        SignedBodies rules = rules("{'form':'jwt'}");
        assertThat(rules.algorithms()).containsExactly("PS256");
        assertThat(rules.maxAge()).isEqualTo(Duration.ofSeconds(60));
        assertThat(rules.clockSkew()).isEqualTo(Duration.ofSeconds(60));
        assertThat(rules.remembered()).isEqualTo(Duration.ofMinutes(2));
        assertThat(rules.mediaType()).isEqualTo("application/jwt");
        assertThat(rules.header()).isEmpty();
        assertThat(rules.audienceIsIssuer()).isFalse();
        assertThat(rules.areSigned(404)).isTrue();
        assertThat(rules("{'form':'jwt','signed-statuses':[200,422]}").areSigned(404))
                .isFalse();
        assertThat(rules("{'form':'jwt','signed-statuses':[200,422]}").areSigned(422))
                .isTrue();
        assertThat(rules("{'form':'jwt','audience':'issuer'}").audienceIsIssuer())
                .isTrue();
        assertThat(rules(DETACHED).mediaType()).isEqualTo("application/json");
        assertThat(rules(DETACHED).header()).contains("x-sign");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'form':'jwt','max-age-seconds':1,'clock-skew-seconds':0,'replay-seconds':1}",
                "{'form':'jwt','max-age-seconds':86400,'clock-skew-seconds':300,'replay-seconds':86700}",
                "{'form':'jwt','replay-seconds':2592000,'algorithms':['EdDSA','ES256','PS256']}",
                "{'form':'jwt','signed-statuses':[200,499],'server-name':'us','client-attribute':'a'}"
            })
    void theLastValuesInsideTheBoundsAreAccepted(String signed) {
        assertThatCode(() -> rules(signed)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{} | 'form'",
                "{'form':'jws'} | 'form'",
                "{'form':'jwt','max-age-seconds':0} | 'max-age-seconds'",
                "{'form':'jwt','max-age-seconds':86401} | 'max-age-seconds'",
                "{'form':'jwt','clock-skew-seconds':-1} | 'clock-skew-seconds'",
                "{'form':'jwt','clock-skew-seconds':301} | 'clock-skew-seconds'",
                "{'form':'jwt','replay-seconds':119} | 'replay-seconds'",
                "{'form':'jwt','replay-seconds':2592001} | 'replay-seconds'",
                "{'form':'jwt','algorithms':[]} | 'algorithms'",
                "{'form':'jwt','algorithms':['RS256']} | 'algorithms'",
                "{'form':'jwt','algorithms':['none']} | 'algorithms'",
                "{'form':'jwt','signed-statuses':[199]} | 'signed-statuses'",
                "{'form':'jwt','signed-statuses':[500]} | 'signed-statuses'",
                "{'form':'jwt','signed-statuses':['200']} | 'signed-statuses'",
                "{'form':'jwt','audience':'client'} | 'audience'",
                "{'form':'jwt','server-name':''} | 'server-name'",
                "{'form':'jwt','client-attribute':'a b'} | 'client-attribute'",
                "{'form':'jwt','header':'x-sign'} | 'header'",
                "{'form':'jwt','required':true} | 'required'",
                "{'form':'detached','claim-prefix':'p','trust-anchor':'t'} | 'header'",
                "{'form':'detached','header':'x-sign','trust-anchor':'t'} | 'claim-prefix'",
                "{'form':'detached','header':'x-sign','claim-prefix':'p'} | 'trust-anchor'",
                "{'form':'detached','header':'x-sign','claim-prefix':'p','trust-anchor':'t','replay-seconds':200} | 'replay-seconds'",
                "{'form':'detached','header':'x-sign','claim-prefix':'p','trust-anchor':'t','audience':'issuer'} | 'audience'"
            })
    void whatIsOutOfBoundsIsNamed(String signed, String named) {
        assertThatThrownBy(() -> rules(signed))
                .isInstanceOf(InvalidConsentType.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "iat", "jti", "exp", "nbf"})
    void bodiesHaveNothingThatIsCalledLikeAClaim(String claim) {
        for (String text : List.of(
                TYPE.replace("\"card\"", '"' + claim + '"'),
                TYPE.replace("\"data\": \"gift\"", "\"data\": \"" + claim + '"'),
                TYPE.replace("\"name\"", "\"envelope\": {\"" + claim + "\": 1}, \"name\""),
                TYPE.replace("\"name\"", "\"error-body\": {\"" + claim + "\": 1}, \"name\""))) {
            assertThatThrownBy(() -> ConsentType.readAll('[' + text.formatted(quoted(JWT)) + ']'))
                    .isInstanceOf(InvalidConsentType.class)
                    .hasMessageContaining("'signed-bodies'");
            assertThatCode(() -> ConsentType.readAll('[' + text.formatted(quoted(DETACHED)) + ']'))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void aTypeThatSaysNothingHasPlainBodies() throws Exception {
        String plain = TYPE.replace(",\n  \"signed-bodies\": %s", "");
        assertThat(ConsentType.readAll('[' + plain + ']').get(0).signedBodies()).isEmpty();
    }

    @Test
    void aGoodJwtIsTakenAndItsClaimsAreNoneOfTheConsent() throws Exception {
        SignedBodies rules = rules(JWT);
        SignedBody body = read(rules, HEADER, CLAIMS);
        assertThat(body.algorithm()).isEqualTo("PS256");
        assertThat(body.keyId()).isEqualTo("k1");
        assertThat(body.signingInput() + '.' + body.signature()).isEqualTo(compact(HEADER, CLAIMS));
        assertThat(rules.check(body, PARTIES, NOW)).contains("j1");
        assertThat(new String(rules.json(body), UTF_8)).isEqualTo("{\"gift\":{\"sum\":1}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'alg':'PS256','kid':'k1','typ':'JWT'}",
                "{'alg':'PS256','kid':'k1','typ':'jwt'}",
                "{'alg':'PS256','kid':'k1','cty':'json'}"
            })
    void aHeaderMaySayWhatItIs(String header) throws Exception {
        SignedBodies rules = rules(JWT);
        assertThatCode(() -> read(rules, header, CLAIMS)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a.b",
                "e30.e30",
                "e30.e30.",
                "e30.e30.AA.AA",
                "e30.e30.AA.AA.AA",
                " e30.e30.AA",
                "e30.e30.AA\n",
                "e30=.e30.AA",
                "e30.e30.A+",
                "W10.e30.AA",
                "e30.e30.A",
                "e.e30.AA",
                "{\"gift\":{}}",
                "é.e30.AA"
            })
    void whatIsNoSignedJwtIsMalformed(String text) throws Exception {
        SignedBodies rules = rules(JWT);
        assertRefused(ConsentDefect.MALFORMED_SIGNATURE, () -> rules.read(text.getBytes(UTF_8), List.of()));
    }

    @Test
    void aHeaderHasNoMemberTwice() throws Exception {
        SignedBodies rules = rules(JWT);
        assertRefused(
                ConsentDefect.MALFORMED_SIGNATURE,
                () -> read(rules, "{'alg':'PS256','alg':'PS256','kid':'k1'}", CLAIMS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'kid':'k1'}",
                "{'alg':'none','kid':'k1'}",
                "{'alg':'HS256','kid':'k1'}",
                "{'alg':'RS256','kid':'k1'}",
                "{'alg':'ES256','kid':'k1'}",
                "{'alg':'ps256','kid':'k1'}",
                "{'alg':['PS256'],'kid':'k1'}",
                "{'alg':'PS256'}",
                "{'alg':'PS256','kid':1}",
                "{'alg':'PS256','kid':null}",
                "{'alg':'PS256','kid':'k1','crit':['exp'],'exp':1}",
                "{'alg':'PS256','kid':'k1','crit':[]}",
                "{'alg':'PS256','kid':'k1','typ':'at+jwt'}",
                "{'alg':'PS256','kid':'k1','typ':1}",
                "{'alg':'PS256','kid':'k1','x5u':'https://x.test'}",
                "{'alg':'PS256','kid':'k1','x5c':[]}",
                "{'alg':'PS256','kid':'k1','jku':'https://x.test'}",
                "{'alg':'PS256','kid':'k1','jwk':{}}"
            })
    void aHeaderThatMakesTheSignatureWorthlessIsRefused(String header) throws Exception {
        SignedBodies rules = rules(JWT);
        assertRefused(ConsentDefect.BAD_SIGNATURE, () -> read(rules, header, CLAIMS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'iss':'shop' | 'iss':'other'",
                "'iss':'shop' | 'iss':['shop']",
                "'aud':'https://bank.test/gifts' | 'aud':'https://bank.test'",
                "'aud':'https://bank.test/gifts' | 'aud':['https://bank.test']",
                "'aud':'https://bank.test/gifts' | 'aud':[]",
                "'aud':'https://bank.test/gifts' | 'aud':1",
                "'iat':1767225600 | 'iat':1767225549",
                "'iat':1767225600 | 'iat':1767225606",
                "'iat':1767225600 | 'iat':'1767225600'",
                "'iat':1767225600 | 'iat':-1",
                "'iat':1767225600 | 'iat':99999999999999999999",
                "'jti':'j1' | 'jti':1",
                "'jti':'j1' | 'jti':'j1','exp':1767225600",
                "'jti':'j1' | 'jti':'j1','exp':null",
                "'jti':'j1' | 'jti':'j1','nbf':1767225606",
                "'jti':'j1' | 'jti':'j1','nbf':'now'"
            })
    void aWrongClaimIsRefused(String good, String wrong) throws Exception {
        SignedBodies rules = rules(JWT);
        SignedBody body = read(rules, HEADER, CLAIMS.replace(good, wrong));
        assertRefused(ConsentDefect.WRONG_CLAIM, () -> rules.check(body, PARTIES, NOW));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'aud':'https://bank.test/gifts' | 'aud':['https://other.test','https://bank.test/gifts']",
                "'iat':1767225600 | 'iat':1767225550",
                "'iat':1767225600 | 'iat':1767225605",
                "'jti':'j1' | 'jti':'j1','exp':1767225601,'nbf':1767225605"
            })
    void theLastGoodClaimsAreAccepted(String good, String last) throws Exception {
        SignedBodies rules = rules(JWT);
        SignedBody body = read(rules, HEADER, CLAIMS.replace(good, last));
        assertThat(rules.check(body, PARTIES, NOW)).contains("j1");
        assertThat(new String(rules.json(body), UTF_8)).isEqualTo("{\"gift\":{\"sum\":1}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'iss':'shop',", "'aud':'https://bank.test/gifts',", "'iat':1767225600,", "'jti':'j1',"})
    void aMissingClaimIsRefused(String claim) throws Exception {
        SignedBodies rules = rules(JWT);
        SignedBody body = read(rules, HEADER, CLAIMS.replace(claim, ""));
        assertRefused(ConsentDefect.MISSING_CLAIM, () -> rules.check(body, PARTIES, NOW));
        String name = claim.substring(0, claim.indexOf(':'));
        SignedBody isNull = read(rules, HEADER, CLAIMS.replace(claim, name + ":null,"));
        assertRefused(ConsentDefect.MISSING_CLAIM, () -> rules.check(isNull, PARTIES, NOW));
    }

    @Test
    void theLongestJtiAndOneCharacterMore() throws Exception {
        SignedBodies rules = rules(JWT);
        SignedBody longest = read(rules, HEADER, CLAIMS.replace("j1", "j".repeat(512)));
        assertThat(rules.check(longest, PARTIES, NOW)).contains("j".repeat(512));
        SignedBody longer = read(rules, HEADER, CLAIMS.replace("j1", "j".repeat(513)));
        assertRefused(ConsentDefect.WRONG_CLAIM, () -> rules.check(longer, PARTIES, NOW));
        SignedBody empty = read(rules, HEADER, CLAIMS.replace("j1", ""));
        assertRefused(ConsentDefect.MISSING_CLAIM, () -> rules.check(empty, PARTIES, NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "{", "{'iss':'shop','iss':'shop'}"})
    void aPayloadIsAnObject(String payload) throws Exception {
        SignedBodies rules = rules(JWT);
        SignedBody body = read(rules, HEADER, payload);
        assertRefused(ConsentDefect.MALFORMED_SIGNATURE, () -> rules.check(body, PARTIES, NOW));
    }

    @Test
    void anAnswerIsAJwtForTheClient() throws Exception {
        SignedBodies rules = rules(JWT);
        String input = rules.signingInput("{\"gift\":{\"id\":\"g.1\"}}", PARTIES, "r1", "j2", NOW);
        String[] parts = input.split("\\.", -1);
        assertThat(parts).hasSize(2);
        assertThat(json(parts[0])).isEqualTo(MAPPER.readTree(quoted("{'typ':'JWT','alg':'PS256','kid':'r1'}")));
        assertThat(json(parts[1]))
                .isEqualTo(MAPPER.readTree(quoted("{'gift':{'id':'g.1'},'iss':'https://bank.test','aud':'shop',"
                        + "'iat':1767225600,'jti':'j2'}")));
        assertThat(rules.signed(input, new byte[] {0})).isEqualTo(input + ".AA");
    }

    @Test
    void aGoodSignatureBesideTheBodyIsTakenAndTheBodyIsWhatCame() throws Exception {
        SignedBodies rules = rules(DETACHED);
        SignedBody body = rules.read(BODY.getBytes(UTF_8), List.of(detached(DETACHED_HEADER)));
        assertThat(body.signingInput()).isEqualTo(base64(quoted(DETACHED_HEADER)) + '.' + base64(BODY));
        assertThat(body.signature()).isEqualTo("AA");
        assertThat(rules.check(body, PARTIES, NOW)).isEmpty();
        assertThat(new String(rules.json(body), UTF_8)).isEqualTo(BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'typ':'JOSE',", "'cty':'json',", "'cty':'application/json',"})
    void aDetachedHeaderMaySayWhatItIs(String member) throws Exception {
        assertThatCode(() -> readDetached(DETACHED_HEADER.replace("{'alg'", "{" + member + "'alg'")))
                .doesNotThrowAnyException();
    }

    @Test
    void aSignatureThatIsNotThereIsMissing() throws Exception {
        SignedBodies rules = rules(DETACHED);
        assertRefused(ConsentDefect.MISSING_SIGNATURE, () -> rules.read(BODY.getBytes(UTF_8), List.of()));
    }

    @Test
    void twoSignaturesAreNone() throws Exception {
        SignedBodies rules = rules(DETACHED);
        String good = detached(DETACHED_HEADER);
        assertRefused(ConsentDefect.MALFORMED_SIGNATURE, () -> rules.read(BODY.getBytes(UTF_8), List.of(good, good)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "x",
                "e30..",
                "..AA",
                "e30.e30.AA",
                "e30..AA..AA",
                "e30=..AA",
                "W10..AA",
                "e30, e30..AA"
            })
    void whatIsNoDetachedSignatureIsMalformed(String header) throws Exception {
        SignedBodies rules = rules(DETACHED);
        assertRefused(ConsentDefect.MALFORMED_SIGNATURE, () -> rules.read(BODY.getBytes(UTF_8), List.of(header)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'alg' | {'b64':false,'alg' | MALFORMED_SIGNATURE",
                "{'alg' | {'x5u':'https://x.test','alg' | MALFORMED_SIGNATURE",
                "'kid':'k1', | | MISSING_CLAIM",
                "'urn:gift:iat':1767225600, | | MISSING_CLAIM",
                "'urn:gift:iss':'shop', | | MISSING_CLAIM",
                "'urn:gift:tan':'keys.test', | | MISSING_CLAIM",
                ",'crit':['urn:gift:iat','urn:gift:iss','urn:gift:tan'] | | MISSING_CLAIM",
                "'crit':['urn:gift:iat', | 'crit':['b64','urn:gift:iat', | WRONG_CLAIM",
                "'crit':['urn:gift:iat', | 'crit':[ | WRONG_CLAIM",
                "'crit':['urn:gift:iat', | 'crit':['urn:gift:iss', | WRONG_CLAIM",
                "'crit':['urn:gift:iat','urn:gift:iss','urn:gift:tan'] | 'crit':'urn:gift:iat' | WRONG_CLAIM",
                "{'alg' | {'typ':'JWT','alg' | WRONG_CLAIM",
                "{'alg' | {'cty':'text/plain','alg' | WRONG_CLAIM",
                "'PS256' | 'none' | BAD_SIGNATURE",
                "'PS256' | 'ES256' | BAD_SIGNATURE",
                "'k1' | 1 | BAD_SIGNATURE"
            })
    void aDetachedHeaderHasWhatItHasToHaveAndNoMore(String good, String bad, ConsentDefect defect) {
        assertRefused(defect, () -> readDetached(DETACHED_HEADER.replace(good, bad == null ? "" : bad)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'shop' | 'other'",
                "'keys.test' | 'other.test'",
                "'keys.test' | 1",
                "1767225600 | 1767225539",
                "1767225600 | 1767225601",
                "1767225600 | '1767225600'"
            })
    void aWrongClaimOfADetachedSignatureIsRefused(String good, String wrong) throws Exception {
        SignedBody body = readDetached(DETACHED_HEADER.replace(good, wrong));
        assertRefused(ConsentDefect.WRONG_CLAIM, () -> rules(DETACHED).check(body, PARTIES, NOW));
    }

    @ParameterizedTest
    @ValueSource(longs = {1_767_225_540, 1_767_225_600})
    void theFirstAndTheLastGoodSecondOfADetachedSignature(long issued) throws Exception {
        SignedBody body = readDetached(DETACHED_HEADER.replace("1767225600", Long.toString(issued)));
        assertThat(rules(DETACHED).check(body, PARTIES, NOW)).isEmpty();
    }

    @Test
    void anAnswerIsSignedInItsHeader() throws Exception {
        SignedBodies rules = rules(DETACHED);
        String input = rules.signingInput(BODY, PARTIES, "r1", "j2", NOW);
        String[] parts = input.split("\\.", -1);
        assertThat(json(parts[0]))
                .isEqualTo(MAPPER.readTree(quoted("{'typ':'JOSE','cty':'application/json',"
                        + "'urn:gift:iat':1767225600,'urn:gift:iss':'https://bank.test','urn:gift:tan':'keys.test',"
                        + "'crit':['urn:gift:iat','urn:gift:iss','urn:gift:tan'],'alg':'PS256','kid':'r1'}")));
        assertThat(parts[1]).isEqualTo(base64(BODY));
        assertThat(rules.signed(input, new byte[] {0})).isEqualTo(parts[0] + "..AA");
    }

    @ParameterizedTest
    @CsvSource({
        "BAD_SIGNATURE, BAD", "MISSING_SIGNATURE, BAD", "MALFORMED_SIGNATURE, BAD",
        "WRONG_CLAIM, WRONG", "MISSING_CLAIM, WRONG", "USED_BEFORE, WRONG"
    })
    void whatTheEcosystemHasNoAnswerForIsAnsweredLikeWhatIsNearest(ConsentDefect defect, String code) throws Exception {
        String errors = ", \"errors\": {\"bad-signature\": {\"status\": 400, \"code\": \"BAD\"},"
                + " \"wrong-claim\": {\"status\": 403, \"code\": \"WRONG\"}}";
        ConsentType type = type(JWT + errors);
        assertThat(type.answer(new ConsentRefusal(defect, "sample")).code()).isEqualTo(code);
        assertThat(type(JWT).answer(new ConsentRefusal(defect, "sample")))
                .isEqualTo(new ConsentAnswer(400, "invalid_request"));
        String own = errors.replace("wrong-claim", "used-before");
        assertThat(type(JWT + own).answer(new ConsentRefusal(ConsentDefect.USED_BEFORE, "sample")))
                .isEqualTo(new ConsentAnswer(403, "WRONG"));
    }

    private static SignedBody read(SignedBodies rules, String header, String claims) throws ConsentRefusal {
        return rules.read(compact(header, claims).getBytes(UTF_8), List.of());
    }

    private static SignedBody readDetached(String header) throws ConsentRefusal, InvalidConsentType {
        return rules(DETACHED).read(BODY.getBytes(UTF_8), List.of(detached(header)));
    }

    private static String compact(String header, String claims) {
        return base64(quoted(header)) + '.' + base64(quoted(claims)) + ".AA";
    }

    private static String detached(String header) {
        return base64(quoted(header)) + "..AA";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static JsonNode json(String base64) throws JsonProcessingException {
        return MAPPER.readTree(new String(Base64.getUrlDecoder().decode(base64), UTF_8));
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    private static void assertRefused(ConsentDefect defect, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ConsentRefusal.class,
                        refused -> assertThat(refused.defect()).isEqualTo(defect));
    }
}
