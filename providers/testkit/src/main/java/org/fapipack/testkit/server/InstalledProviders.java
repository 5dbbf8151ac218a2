package org.fapipack.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The provider JARs of a distribution and the memory of what it was built with.
 *
 * <p>A build takes 10 to 25 seconds, so it happens only for JARs and build options that the distribution was not built with before:
 * the results of the last {@value #KEPT_BUILDS} builds are kept. Keycloak itself compares time stamps; JARs that are installed here
 * therefore have one and the same.
 */
final class InstalledProviders {

    /** Lies beside, not in, the providers folder: Keycloak would not like a stranger there. */
    private static final String MARKER = "fapi-pack-build.txt";

    /** What {@code kc.sh build} makes anew, a few megabytes. */
    private static final String BUILD_FOLDER = "lib/quarkus";

    /** Of it, what a distribution that was unpacked once more has another one of. */
    private static final String BUILD_RESULT = BUILD_FOLDER + "/generated-bytecode.jar";

    /** Results of earlier builds, each in a folder named after the digest of what was built. */
    private static final String KEPT_FOLDER = "fapi-pack-builds";

    static final int KEPT_BUILDS = 8;

    /** What was built belongs to one version of Keycloak, though its folder may be unpacked over. */
    private static final String VERSION_FILE = "version.txt";

    private static final FileTime INSTALLED_AT = FileTime.from(Instant.parse("2000-01-01T00:00:00Z"));

    private static final String OUR_JARS = "fapi-pack-*.jar";

    private final Path home;
    private final Path folder;
    private final Path marker;

    InstalledProviders(Path home) {
        this.home = home;
        this.folder = home.resolve("providers");
        this.marker = home.resolve(MARKER);
    }

    /** Makes the folder hold these JARs, none of our older ones and none that an earlier call installed. */
    void install(List<Path> jars) throws IOException {
        Set<String> wanted =
                jars.stream().map(jar -> jar.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        for (String stale : staleNames(wanted)) {
            Files.deleteIfExists(folder.resolve(stale));
        }
        for (Path jar : jars) {
            Path copy = folder.resolve(jar.getFileName().toString());
            if (Files.notExists(copy) || Files.mismatch(jar, copy) >= 0) {
                Files.copy(jar, copy, REPLACE_EXISTING);
            }
            Files.setLastModifiedTime(copy, INSTALLED_AT);
        }
    }

    private Set<String> staleNames(Set<String> wanted) throws IOException {
        Set<String> stale = new TreeSet<>();
        try (DirectoryStream<Path> ours = Files.newDirectoryStream(folder, OUR_JARS)) {
            ours.forEach(jar -> stale.add(jar.getFileName().toString()));
        }
        if (Files.exists(marker)) {
            for (String line : Files.readAllLines(marker)) {
                if (line.startsWith("provider ")) {
                    stale.add(line.substring(line.lastIndexOf(' ') + 1));
                }
            }
        }
        stale.removeAll(wanted);
        return stale;
    }

    boolean isBuiltWith(List<String> buildOptions) throws IOException {
        return Files.exists(home.resolve(BUILD_RESULT))
                && Files.exists(marker)
                && Files.readString(marker).equals(markerText(description(buildOptions)));
    }

    /** Puts the result of an earlier build with the same JARs and options back. False when none is kept. */
    boolean restoreBuild(List<String> buildOptions) throws IOException {
        String description = description(buildOptions);
        Path kept = kept(description);
        if (!Files.isDirectory(kept)) {
            return false;
        }
        forgetBuild();
        copyFiles(kept, home.resolve(BUILD_FOLDER));
        Files.setLastModifiedTime(kept, FileTime.from(Instant.now()));
        Files.writeString(marker, markerText(description));
        return true;
    }

    void rememberBuild(List<String> buildOptions) throws IOException {
        String description = description(buildOptions);
        Path kept = kept(description);
        // Half a copy, left by a run that was ended, must not be taken for a whole one.
        Path copy = Files.createTempDirectory(Files.createDirectories(kept.getParent()), "unfinished");
        copyFiles(home.resolve(BUILD_FOLDER), copy);
        deleteFolder(kept);
        Files.move(copy, kept);
        deleteOldBuilds();
        Files.writeString(marker, markerText(description));
    }

    void forgetBuild() throws IOException {
        Files.deleteIfExists(marker);
    }

    private Path kept(String description) {
        return home.resolve(KEPT_FOLDER).resolve(sha256(description.getBytes(UTF_8)));
    }

    private void deleteOldBuilds() throws IOException {
        List<Path> newestFirst;
        try (Stream<Path> builds = Files.list(home.resolve(KEPT_FOLDER))) {
            newestFirst = builds.sorted(
                            Comparator.comparing((Path build) -> build.toFile().lastModified())
                                    .reversed())
                    .toList();
        }
        for (Path old : newestFirst.subList(Math.min(KEPT_BUILDS, newestFirst.size()), newestFirst.size())) {
            deleteFolder(old);
        }
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Files.copy(file, to.resolve(file.getFileName()), REPLACE_EXISTING, COPY_ATTRIBUTES);
        }
    }

    private static void deleteFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            for (Path file : files(folder)) {
                Files.delete(file);
            }
            Files.delete(folder);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** With the result itself: a distribution that was unpacked once more is not what was built. */
    private String markerText(String description) throws IOException {
        return "result " + sha256(Files.readAllBytes(home.resolve(BUILD_RESULT))) + '\n' + description;
    }

    private String description(List<String> buildOptions) throws IOException {
        List<String> lines = new ArrayList<>();
        Path version = home.resolve(VERSION_FILE);
        lines.add(
                "version " + (Files.exists(version) ? Files.readString(version).strip() : ""));
        new TreeSet<>(buildOptions).forEach(option -> lines.add("option " + option));
        TreeMap<String, String> digests = new TreeMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                digests.put(jar.getFileName().toString(), sha256(Files.readAllBytes(jar)));
            }
        }
        digests.forEach((name, digest) -> lines.add("provider " + digest + " " + name));
        return String.join("\n", lines) + "\n";
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
