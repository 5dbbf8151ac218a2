package org.fapipack.httpsignatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.fapipack.httpsignatures.Vectors.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All cases of {@code rfc9530-digests.json}: digests of known content, and what a field may look like. */
class Rfc9530DigestsTest {

    static Stream<Case> digests() {
        return Vectors.cases("rfc9530-digests.json", "digests");
    }

    static Stream<Case> fields() {
        return Vectors.cases("rfc9530-digests.json", "field_cases");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("digests")
    void digests(Case vector) throws Exception {
        List<String> lines = List.of(vector.text("field_value"));
        Optional<DigestAlgorithm> algorithm = DigestAlgorithm.ofKey(vector.text("algorithm"));

        if (algorithm.isPresent()) {
            assertThat(ContentDigest.of(content(vector), algorithm.get())).isEqualTo(vector.text("field_value"));
            ContentDigest.verify(lines, content(vector));
            ContentDigest.verify(lines, streamed(lines, content(vector)));
        } else {
            assertThat(vector.text("registry_status")).isEqualTo("Deprecated");
            assertThatThrownBy(() -> ContentDigest.verify(lines, content(vector)))
                    .isInstanceOfSatisfying(
                            HttpSignatureException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.DIGEST_ALGORITHM));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    @SuppressWarnings("unchecked")
    void readsTheField(Case vector) {
        List<String> lines = (List<String>) vector.json().get("field_lines");

        Optional<RefusalReason> refusal = refusal(lines, content(vector));

        switch (vector.text("expected")) {
            case "accept" -> assertThat(refusal).isEmpty();
            case "reject" ->
                assertThat(refusal)
                        .isPresent()
                        .get()
                        .isIn(
                                RefusalReason.DIGEST_ALGORITHM,
                                RefusalReason.DIGEST_MALFORMED,
                                RefusalReason.DIGEST_MISMATCH);
            // Ours refuses: RFC 4648 knows no fifth character in a group of four.
            case "either" -> assertThat(refusal).contains(RefusalReason.DIGEST_MALFORMED);
            default -> throw new IllegalArgumentException(vector.text("expected"));
        }
    }

    @Test
    void thereAreAsManyCasesAsTheFileIsSaidToHave() {
        assertThat(digests()).hasSize(20);
        assertThat(fields()).hasSize(15);
    }

    private static Content content(Case vector) {
        return Content.of(Base64.getDecoder().decode(vector.text("content_base64")));
    }

    private static Content streamed(List<String> lines, Content content) throws Exception {
        ContentDigester digester = new ContentDigester(ContentDigest.algorithms(lines), content.length());
        digester.reading(new ByteArrayInputStream(content.octets().orElseThrow()))
                .readAllBytes();
        return digester.content();
    }

    private static Optional<RefusalReason> refusal(List<String> lines, Content content) {
        try {
            ContentDigest.verify(lines, content);
            return Optional.empty();
        } catch (HttpSignatureException refused) {
            return Optional.of(refused.reason());
        }
    }
}
