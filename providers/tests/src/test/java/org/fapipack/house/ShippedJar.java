package org.fapipack.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The one JAR that operators install, as a file; its path comes from the build. */
final class ShippedJar {

    private static final String SERVICES = "META-INF/services/";

    private ShippedJar() {}

    static Path file() {
        return Path.of(System.getProperty("fapipack.jar"));
    }

    static List<String> entries() {
        try (JarFile jar = new JarFile(file().toFile())) {
            return jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(JarEntry::getName)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The text of one entry. */
    static String text(String entry) throws IOException {
        try (JarFile jar = new JarFile(file().toFile());
                var content = jar.getInputStream(jar.getEntry(entry))) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Class names in all services files, one entry a line. */
    static List<String> registeredFactories() {
        try (JarFile jar = new JarFile(file().toFile())) {
            return jar.stream()
                    .filter(entry -> entry.getName().startsWith(SERVICES) && !entry.isDirectory())
                    .flatMap(entry -> lines(jar, entry))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static java.util.stream.Stream<String> lines(JarFile jar, JarEntry entry) {
        try (var content = jar.getInputStream(entry)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
