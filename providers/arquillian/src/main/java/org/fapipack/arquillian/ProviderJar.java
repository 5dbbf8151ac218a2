package org.fapipack.arquillian;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.ArchivePath;
import org.jboss.shrinkwrap.api.Node;
import org.jboss.shrinkwrap.api.asset.Asset;

/**
 * Writes an archive as a JAR that depends on its content alone, time stamps included. ShrinkWrap's own exporter writes the
 * current time, and Keycloak would then have to be built for every run of the same test: it compares the time stamps of its
 * provider JARs, and the launcher their content.
 */
final class ProviderJar {

    private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);
    private static final FileTime FILE_TIME = FileTime.from(Instant.parse("2000-01-01T00:00:00Z"));

    private ProviderJar() {}

    static void write(Archive<?> archive, Path file) throws IOException {
        Map<String, Asset> entries = new TreeMap<>();
        for (Map.Entry<ArchivePath, Node> entry : archive.getContent().entrySet()) {
            Asset asset = entry.getValue().getAsset();
            if (asset != null) { // null: a folder
                entries.put(entry.getKey().get().substring(1), asset);
            }
        }
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, Asset> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                header.setTimeLocal(ENTRY_TIME);
                jar.putNextEntry(header);
                try (InputStream content = entry.getValue().openStream()) {
                    content.transferTo(jar);
                }
                jar.closeEntry();
            }
        }
        Files.setLastModifiedTime(file, FILE_TIME);
    }
}
