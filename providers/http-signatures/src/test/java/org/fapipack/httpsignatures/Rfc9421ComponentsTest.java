package org.fapipack.httpsignatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.fapipack.httpsignatures.Vectors.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All cases of {@code rfc9421-components.json}: a component's line in the signature base, or that it has none. */
class Rfc9421ComponentsTest {

    private static final FieldTypes TYPES = FieldTypes.STANDARD.with("Example-Dict", FieldTypes.Type.DICTIONARY);

    static Stream<Case> withLine() {
        return all().filter(vector -> vector.has("expected_line"));
    }

    static Stream<Case> withError() {
        return all().filter(vector -> vector.has("expected_error"));
    }

    private static Stream<Case> all() {
        return Vectors.cases("rfc9421-components.json", "cases");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withLine")
    void givesTheLine(Case vector) throws Exception {
        assertThat(base(vector).toString().lines().findFirst()).contains(vector.text("expected_line"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withError")
    void refuses(Case vector) {
        assertThatThrownBy(() -> base(vector))
                .isInstanceOfSatisfying(
                        HttpSignatureException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.BASE_ERROR));
    }

    @Test
    void thereAreAsManyCasesAsTheFileIsSaidToHave() {
        assertThat(all()).hasSize(65);
        assertThat(withLine().count() + withError().count()).isEqualTo(65);
    }

    private static SignatureBase base(Case vector) throws HttpSignatureException {
        HttpMessage signature = HttpMessage.response(200)
                .field("Signature-Input", "sig1=(" + vector.text("component") + ")")
                .field("Signature", "sig1=::")
                .build();
        SignatureInput input =
                ReceivedSignature.of(signature, Limits.DEFAULT).get(0).input();
        return SignatureBase.of(vector.message("message"), input, TYPES, Limits.DEFAULT);
    }
}
