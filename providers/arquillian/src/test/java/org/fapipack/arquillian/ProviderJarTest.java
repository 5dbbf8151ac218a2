package org.fapipack.arquillian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderJarTest {

    @TempDir
    private Path folder;

    @Test
    void dependsOnTheContentAlone() throws IOException {
        Path one = write("one", archive("text"));
        Path other = write("other", ShrinkWrap.create(JavaArchive.class).merge(archive("text")));
        Path changed = write("changed", archive("another text"));

        assertThat(other).hasSameBinaryContentAs(one);
        assertThat(Files.getLastModifiedTime(other)).isEqualTo(Files.getLastModifiedTime(one));
        assertThat(Files.mismatch(one, changed)).isNotNegative();
    }

    @Test
    void holdsEveryFileOfTheArchive() throws IOException {
        try (JarFile jar = new JarFile(write("all", archive("text")).toFile())) {
            assertThat(jar.stream().map(Object::toString))
                    .containsExactly(
                            "META-INF/beans.xml",
                            "a/b.txt",
                            "org/fapipack/arquillian/ProviderJar.class",
                            "org/fapipack/arquillian/ProviderJarTest.class");
            assertThat(jar.getInputStream(jar.getEntry("a/b.txt"))).hasContent("text");
        }
    }

    private static JavaArchive archive(String text) {
        return ShrinkWrap.create(JavaArchive.class)
                .addClasses(ProviderJar.class, ProviderJarTest.class)
                .add(new StringAsset(text), "a/b.txt")
                .addAsManifestResource(new StringAsset(""), "beans.xml");
    }

    private Path write(String name, JavaArchive archive) throws IOException {
        Path file = folder.resolve(name + ".jar");
        ProviderJar.write(archive, file);
        return file;
    }
}
