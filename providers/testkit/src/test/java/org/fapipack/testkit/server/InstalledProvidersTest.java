package org.fapipack.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledProvidersTest {

    private static final List<String> OPTIONS = List.of("--db=dev-mem");

    @TempDir
    Path folder;

    private Path home;
    private InstalledProviders installed;

    @BeforeEach
    void unpackedDistribution() throws IOException {
        home = folder.resolve("keycloak");
        Files.createDirectories(home.resolve("providers"));
        Files.createDirectories(home.resolve("lib/quarkus"));
        Files.writeString(home.resolve("lib/quarkus/generated-bytecode.jar"), "built");
        installed = new InstalledProviders(home);
    }

    private Path jar(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void rebuildsWhenAJarOrAnOptionChanged() throws IOException {
        installed.install(List.of(jar("fapi-pack-1.jar", "one")));
        assertThat(installed.isBuiltWith(OPTIONS)).isFalse();

        installed.rememberBuild(OPTIONS);
        assertThat(installed.isBuiltWith(OPTIONS)).isTrue();
        assertThat(installed.isBuiltWith(List.of("--db=postgres"))).isFalse();

        installed.install(List.of(jar("fapi-pack-1.jar", "two")));
        assertThat(installed.isBuiltWith(OPTIONS)).isFalse();
    }

    @Test
    void leavesAnEqualJarUntouched() throws IOException {
        Path jar = jar("fapi-pack-1.jar", "one");
        installed.install(List.of(jar));
        Path copy = home.resolve("providers/fapi-pack-1.jar");
        Files.setLastModifiedTime(copy, FileTime.fromMillis(1_000));

        installed.install(List.of(jar));

        assertThat(Files.getLastModifiedTime(copy).toMillis()).isEqualTo(1_000);
    }

    @Test
    void removesOurOldJarsAndWhatItInstalledBeforeButNothingElse() throws IOException {
        installed.install(List.of(jar("fapi-pack-1.jar", "one"), jar("library.jar", "library")));
        installed.rememberBuild(OPTIONS);
        Files.writeString(home.resolve("providers/README.md"), "stays");

        installed.install(List.of(jar("fapi-pack-2.jar", "two")));

        assertThat(home.resolve("providers").toFile().list()).containsExactlyInAnyOrder("fapi-pack-2.jar", "README.md");
    }

    @Test
    void wantsABuildWhenTheDistributionWasUnpackedAgain() throws IOException {
        installed.rememberBuild(OPTIONS);
        Files.writeString(home.resolve("lib/quarkus/generated-bytecode.jar"), "as delivered");

        assertThat(installed.isBuiltWith(OPTIONS)).isFalse();
    }

    @Test
    void wantsABuildWhenItsResultIsMissing() throws IOException {
        installed.rememberBuild(OPTIONS);
        Files.delete(home.resolve("lib/quarkus/generated-bytecode.jar"));

        assertThat(installed.isBuiltWith(OPTIONS)).isFalse();
    }
}
