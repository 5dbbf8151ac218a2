package org.fapipack.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
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

    /** Keycloak refuses to start with a JAR of another time than the one it was built with. */
    @Test
    void aJarHasTheSameTimeWhereverItCameFrom() throws IOException {
        Path jar = jar("fapi-pack-1.jar", "one");
        installed.install(List.of(jar));
        Path copy = home.resolve("providers/fapi-pack-1.jar");
        FileTime first = Files.getLastModifiedTime(copy);

        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000));
        installed.install(List.of(jar));
        assertThat(Files.getLastModifiedTime(copy)).isEqualTo(first);
        Files.setLastModifiedTime(copy, FileTime.fromMillis(1_000));
        installed.install(List.of(jar));
        assertThat(Files.getLastModifiedTime(copy)).isEqualTo(first);
    }

    @Test
    void keepsTheResultsOfEarlierBuilds() throws IOException {
        Path one = jar("fapi-pack-1.jar", "one");
        installed.install(List.of(one));
        builtAs("with one", OPTIONS);
        installed.install(List.of());
        assertThat(installed.restoreBuild(OPTIONS)).as("never built").isFalse();
        builtAs("without", OPTIONS);

        installed.install(List.of(one));
        assertThat(installed.isBuiltWith(OPTIONS)).isFalse();
        assertThat(installed.restoreBuild(List.of("--db=postgres"))).isFalse();
        assertThat(result()).hasContent("without");
        assertThat(installed.restoreBuild(OPTIONS)).isTrue();

        assertThat(result()).hasContent("with one");
        assertThat(installed.isBuiltWith(OPTIONS)).isTrue();
    }

    @Test
    void aBuildOfAnotherVersionIsNotPutBack() throws IOException {
        Files.writeString(home.resolve("version.txt"), "Keycloak - Version 26.7.4");
        builtAs("old", OPTIONS);

        Files.writeString(home.resolve("version.txt"), "Keycloak - Version 26.7.5");

        assertThat(installed.isBuiltWith(OPTIONS)).isFalse();
        assertThat(installed.restoreBuild(OPTIONS)).isFalse();
    }

    @Test
    void keepsTheBuildsThatWereUsedLast() throws IOException {
        builtAs("the first", OPTIONS);
        for (int i = 0; i < InstalledProviders.KEPT_BUILDS; i++) {
            builtAs("later", List.of("--db=" + i));
        }

        assertThat(installed.restoreBuild(OPTIONS)).isFalse();
        assertThat(home.resolve("fapi-pack-builds").toFile().list()).hasSize(InstalledProviders.KEPT_BUILDS);
    }

    private void builtAs(String result, List<String> options) throws IOException {
        Files.writeString(result(), result);
        installed.rememberBuild(options);
        try (Stream<Path> builds = Files.list(home.resolve("fapi-pack-builds"))) {
            // The clock of the file system may be too coarse to tell which is the oldest.
            for (Path build : builds.toList()) {
                long earlier = Files.getLastModifiedTime(build).toMillis() - 1_000;
                Files.setLastModifiedTime(build, FileTime.fromMillis(earlier));
            }
        }
    }

    private Path result() {
        return home.resolve("lib/quarkus/generated-bytecode.jar");
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
