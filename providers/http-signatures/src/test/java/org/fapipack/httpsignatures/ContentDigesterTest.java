package org.fapipack.httpsignatures;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Digests of content that is not kept. */
class ContentDigesterTest {

    private static final byte[] TEN = "0123456789".getBytes(UTF_8);

    @Test
    void takesAsMuchAsIsAllowedAndNotOneOctetMore() throws Exception {
        ContentDigester exact = new ContentDigester(EnumSet.of(DigestAlgorithm.SHA_256), 10);
        assertThat(exact.reading(new ByteArrayInputStream(TEN)).readAllBytes()).isEqualTo(TEN);
        assertThat(exact.content().length()).isEqualTo(10);

        ContentDigester tooSmall = new ContentDigester(EnumSet.of(DigestAlgorithm.SHA_256), 9);
        assertThatThrownBy(() -> tooSmall.reading(new ByteArrayInputStream(TEN)).readAllBytes())
                .isInstanceOf(ContentDigester.ContentTooLongException.class)
                .hasMessage("the content is longer than 9 octets");
    }

    @Test
    void readsSkipsAndSingleOctetsAllCount() throws Exception {
        ContentDigester digester = new ContentDigester(EnumSet.allOf(DigestAlgorithm.class), 10);
        try (InputStream content = digester.reading(new ByteArrayInputStream(TEN))) {
            assertThat(content.markSupported()).isFalse();
            assertThat(content.read()).isEqualTo('0');
            assertThat(content.skip(3)).isEqualTo(3);
            assertThat(content.readNBytes(100)).hasSize(6);
            assertThat(content.read()).isEqualTo(-1);
            assertThat(content.skip(1)).isZero();
        }

        Content streamed = digester.content();

        assertThat(streamed.octets()).isEmpty();
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            assertThat(ContentDigest.of(streamed, algorithm)).isEqualTo(ContentDigest.of(Content.of(TEN), algorithm));
        }
    }

    @Test
    void aDigestThatWasNotComputedIsRefused() throws Exception {
        ContentDigester digester = new ContentDigester(Set.of(), 10);
        digester.update(TEN, 0, TEN.length);
        Content content = digester.content();

        assertThatThrownBy(() -> ContentDigest.verify(
                        List.of(ContentDigest.of(Content.of(TEN), DigestAlgorithm.SHA_256)), content))
                .isInstanceOfSatisfying(
                        HttpSignatureException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.DIGEST_ALGORITHM));
        assertThatThrownBy(() -> ContentDigest.of(content, DigestAlgorithm.SHA_256))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void emptyContentHasTheDigestOfNothing() throws Exception {
        assertThat(ContentDigest.of(Content.empty(), DigestAlgorithm.SHA_256))
                .isEqualTo("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
        assertThat(Content.of(new byte[0]).isPresent()).isFalse();
    }

    @Test
    void aContentsDigestsCannotBeChangedFromOutside() {
        byte[] digest = new byte[32];
        Content content = Content.digested(1, Map.of(DigestAlgorithm.SHA_256, digest));
        digest[0] = 1;
        content.digest(DigestAlgorithm.SHA_256).orElseThrow()[1] = 1;

        assertThat(content.digest(DigestAlgorithm.SHA_256).orElseThrow()).isEqualTo(new byte[32]);
    }
}
