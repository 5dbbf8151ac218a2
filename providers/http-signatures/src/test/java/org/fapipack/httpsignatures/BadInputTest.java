package org.fapipack.httpsignatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.httpsignatures.Exchange.NOW;
import static org.fapipack.httpsignatures.Exchange.signed;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;

/**
 * Whatever a peer sends, it is accepted or refused: no exception but the documented one, no work that grows faster than the message.
 *
 * <p>Nothing here depends on speed: growth is counted in allocated octets.
 */
class BadInputTest {

    private static final HttpMessage GOOD = signed();
    private static final VerificationKeys KEYS = Exchange.clientKeys();
    private static final RequestVerifier STRICT =
            new RequestVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), Exchange.clock(NOW));
    private static final ResponseSigner RESPONSES =
            new ResponseSigner(Exchange.signer(Exchange.SERVER_KEY), Exchange.clock(NOW));

    private static final List<String> FIELDS =
            List.of("Signature-Input", "Signature", "Content-Digest", "Authorization", "DPoP", "Accept-Signature");

    /** What is likely to go wrong: characters with a meaning, whole tokens, control characters, octets beyond ASCII. */
    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> pieces = Arbitraries.oneOf(
                Arbitraries.of(
                        "sig1",
                        "=",
                        "(",
                        ")",
                        "\"",
                        "\\",
                        ";",
                        ",",
                        ":",
                        "?1",
                        "?0",
                        " ",
                        "\t",
                        "\r\n ",
                        "\n",
                        "@",
                        "*",
                        "-",
                        "\"@method\"",
                        "\"@target-uri\"",
                        "\"authorization\"",
                        "\"@query-param\";name=\"a\"",
                        ";req",
                        ";bs",
                        ";sf",
                        ";key=\"sig1\"",
                        "created=",
                        "1767225600",
                        "999999999999999",
                        "1.5",
                        "keyid=\"",
                        "tag=\"fapi-2-request\"",
                        "sha-256=:",
                        "AAAA",
                        "=:",
                        "%",
                        "\u0000",
                        "\u007f",
                        "\u00e9",
                        "\u20ac",
                        "\ud800"),
                Arbitraries.strings().withCharRange('\u0000', '\u00ff').ofMaxLength(8));
        return pieces.list().ofMaxSize(24).map(parts -> String.join("", parts));
    }

    @Property(tries = 500)
    void anyValueOfAFieldIsAcceptedOrRefused(@ForAll @IntRange(max = 5) int field, @ForAll("values") String value) {
        Verification verification = verify(replaced(FIELDS.get(field), value));

        assertThat(verification.isAccepted() || refusedWithReason(verification)).isTrue();
    }

    @Property(tries = 500)
    void anySecondLineOfAFieldIsAcceptedOrRefused(
            @ForAll @IntRange(max = 5) int field, @ForAll("values") String value) {
        Verification verification = verify(GOOD.with(List.of(new FieldLine(FIELDS.get(field), value))));

        assertThat(verification.isAccepted() || refusedWithReason(verification)).isTrue();
    }

    @Property(tries = 500)
    void oneChangedCharacterOfACoveredFieldIsRefused(@ForAll @IntRange(max = 4) int field, @ForAll Random random) {
        String name = FIELDS.get(field);
        StringBuilder value = new StringBuilder(GOOD.values(name).get(0));
        int position = random.nextInt(value.length());
        char changed = (char) (' ' + 1 + random.nextInt(94));
        if (value.charAt(position) == changed || isInUnusedBits(name, value, position)) {
            return;
        }
        value.setCharAt(position, changed);

        assertThat(verify(replaced(name, value.toString())).isAccepted())
                .as(name + ": " + value)
                .isFalse();
    }

    @Property(tries = 500)
    void anyOtherContentIsRefused(@ForAll byte[] content) {
        HttpMessage changed = GOOD.toBuilder().content(content).build();

        assertThat(verify(changed).isAccepted()).isEqualTo(Arrays.equals(content, Exchange.BODY));
    }

    @Property(tries = 500)
    void anyMethodAndTargetIsAcceptedOrRefused(@ForAll("values") String method, @ForAll("values") String target) {
        for (String uri : new String[] {target, "https://api.bank.example/" + target}) {
            HttpMessage.Builder changed = HttpMessage.request(method, uri).content(Exchange.BODY);
            GOOD.fields().forEach(line -> changed.field(line.name(), line.value()));

            assertThat(refusedWithReason(verify(changed.build()))).isTrue();
        }
    }

    @Property(tries = 500)
    void anySignatureIsRefused(@ForAll byte[] signature) {
        String value = "sig1=:" + Base64.getEncoder().encodeToString(signature) + ":";

        assertThat(refusedWithReason(verify(replaced("Signature", value)))).isTrue();
    }

    @Property(tries = 500)
    void anyComponentIdentifierIsReadOrRefused(@ForAll("values") String text) {
        try {
            ComponentIdentifier component = ComponentIdentifier.parse(text);
            assertThat(ComponentIdentifier.parse(component.toString())).isEqualTo(component);
        } catch (HttpSignatureException refused) {
            assertThat(refused.reason()).isEqualTo(RefusalReason.BASE_ERROR);
        }
    }

    @Property(tries = 500)
    void anyDigestFieldIsReadOrRefused(@ForAll("values") String value) {
        try {
            ContentDigest.verify(List.of(value), Content.of(Exchange.BODY));
        } catch (HttpSignatureException refused) {
            assertThat(refused.reason().code()).matches("digest_.*|limit_exceeded");
        }
    }

    @Property(tries = 500)
    void anyWishIsHeardOrNot(@ForAll("values") String value) throws Exception {
        HttpMessage request =
                Exchange.unsigned().field("Accept-Signature", value).build();
        HttpMessage response = HttpMessage.response(200, request).build();

        assertThat(RESPONSES.sign(response).input().tag()).contains("fapi-2-response");
    }

    @Property(tries = 500)
    void anyJwkIsUsedOrLeftOut(@ForAll("values") String value, @ForAll @IntRange(max = 7) int member) {
        String name =
                List.of("kty", "kid", "alg", "use", "key_ops", "x", "y", "crv").get(member);
        Map<String, Object> jwk = Exchange.jwk("test-key-ecc-p256");
        jwk.put(name, value);

        VerificationKey.ofJwk(jwk).ifPresent(key -> assertThat(key.thumbprint()).hasSize(43));
    }

    @Property(tries = 200)
    void whateverTheVerifierOfOctetsThrowsCountsAsNo(@ForAll byte[] message) {
        RequestVerifier verifier = new RequestVerifier(
                VerificationPolicy.STRICT,
                (key, algorithm, base, signature) -> {
                    throw new IllegalStateException(new String(message, StandardCharsets.ISO_8859_1));
                },
                Exchange.clock(NOW));

        assertThat(Exchange.reason(verifier.verify(GOOD, KEYS))).isEqualTo(RefusalReason.SIGNATURE_INVALID);
    }

    /** A field of a megabyte is refused without being parsed: what is allocated does not grow with it. */
    @Example
    void whatIsTooLongIsNotParsed() {
        for (String field : List.of("Signature-Input", "Signature")) {
            for (String piece : List.of("a=(\"x\"),", "\"x\" ", ";p", "(", "\"", ":", " ", "\\", "a=1, ")) {
                HttpMessage huge = replaced(field, "sig1=" + piece.repeat(1 << 18));
                verify(huge);

                Allocation allocation = allocatedBy(() -> verify(huge));

                assertThat(allocation.reason()).isEqualTo(RefusalReason.LIMIT_EXCEEDED);
                assertThat(allocation.octets()).as(field + " of " + piece).isLessThan(1 << 18);
            }
        }
    }

    /** Within the limits, twice the field may cost twice as much, and a little; four times would be quadratic. */
    @Example
    void whatIsAllocatedGrowsNoFasterThanTheField() {
        for (String piece : List.of("\"x\"", "\"a\";bs;req", "\"a\";key=\"k\"", "\"" + "x".repeat(20) + "\"")) {
            String list = "=(" + (piece + " ").repeat(30).strip() + ");tag=\"fapi-2-request\"";
            HttpMessage once = replaced("Signature-Input", members(8, list));
            HttpMessage twice = replaced("Signature-Input", members(16, list));
            verify(twice);

            long first = allocatedBy(() -> verify(once)).octets();
            long second = allocatedBy(() -> verify(twice)).octets();

            assertThat(second).as(piece).isLessThan(first * 3);
        }
    }

    private static String members(int count, String list) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i + list).collect(Collectors.joining(", "));
    }

    /** All components that are allowed, each of which has a long field to parse: bounded by the limits, whatever is sent. */
    @Example
    void theSameFieldIsNotParsedWithoutBound() {
        String members = IntStream.range(0, 15).mapToObj(i -> "m" + i + "=1").collect(Collectors.joining(", "));
        String covered = IntStream.range(0, 15)
                .mapToObj(i -> "\"accept-signature\";key=\"m" + i + "\"")
                .collect(Collectors.joining(" "));
        HttpMessage request = replaced(
                        "Signature-Input", "sig1=(" + covered + ");created=1767225600;tag=\"fapi-2-request\"")
                .with(List.of(new FieldLine("Accept-Signature", members)));

        verify(request);

        Allocation allocation = allocatedBy(() -> verify(request));

        assertThat(allocation.reason()).isEqualTo(RefusalReason.COVERAGE_MISSING);
        assertThat(allocation.octets()).isLessThan(1 << 20);
    }

    /** Whether work grows with the message or with its square shows without a clock: two minutes are many times the one and a fraction of the other. */
    @Example
    void aMegabyteOfAnythingIsDecidedInTimeThatGrowsWithIt() {
        assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            for (String piece :
                    List.of("a=(\"x\"),", "\"x\" ", ";p", "(", "\"", ":", " ", "\\", "a=1, ", "\r\n ", "&a=%41")) {
                String megabyte = piece.repeat((1 << 20) / piece.length()) + "\r";
                for (String field : FIELDS) {
                    HttpMessage request = replaced(field, megabyte);
                    // Only the last of them is not covered.
                    assertThat(verify(request).isAccepted()).as(field).isEqualTo(field.equals("Accept-Signature"));
                }
                HttpMessage wish =
                        Exchange.unsigned().field("Accept-Signature", megabyte).build();
                RESPONSES.sign(HttpMessage.response(200, wish).build());
            }
            HttpMessage.Builder lines = GOOD.toBuilder();
            IntStream.range(0, 1 << 17).forEach(i -> lines.field("x-" + i % 1000, "value"));
            assertThat(verify(lines.build()).isAccepted()).isTrue();
            assertThat(Exchange.reason(
                            verify(GOOD.toBuilder().content(new byte[1 << 24]).build())))
                    .isEqualTo(RefusalReason.DIGEST_MISMATCH);
        });
    }

    private record Allocation(RefusalReason reason, long octets) {}

    private static Allocation allocatedBy(Supplier<Verification> verification) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        Verification result = verification.get();
        long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        return new Allocation(Exchange.reason(result), after - before);
    }

    /** The last character before the padding of Base64 carries bits that nobody reads. */
    private static boolean isInUnusedBits(String name, StringBuilder value, int position) {
        return (name.equals("Signature") || name.equals("Content-Digest"))
                && position >= value.indexOf("=:", value.indexOf("=:") + 2) - 2;
    }

    private static HttpMessage replaced(String field, String value) {
        HttpMessage.Builder builder = HttpMessage.request(
                        GOOD.method().orElseThrow(), GOOD.targetUri().orElseThrow())
                .content(GOOD.content());
        for (FieldLine line : GOOD.fields()) {
            builder.field(line.name(), line.name().equals(field) ? value : line.value());
        }
        if (!GOOD.has(field)) {
            builder.field(field, value);
        }
        return builder.build();
    }

    private static Verification verify(HttpMessage request) {
        return STRICT.verify(request, KEYS);
    }

    private static boolean refusedWithReason(Verification verification) {
        return verification instanceof Verification.Refused refused
                && refused.reason() != null
                && !refused.detail().isBlank();
    }
}
