package org.fapipack.testkit.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The provider JARs of a distribution and the memory of what it was last built with.
 *
 * <p>A build takes 10 to 25 seconds, so it happens only when a JAR or a build option changed. Keycloak itself compares
 * time stamps; a JAR with equal content is therefore left untouched.
 */
final class InstalledProviders {

    /** Lies beside, not in, the providers folder: Keycloak would not like a stranger there. */
    private static final String MARKER = "fapi-pack-build.txt";

    /** What {@code kc.sh build} makes anew; a distribution that was unpacked once more has another one. */
    private static final String BUILD_RESULT = "lib/quarkus/generated-bytecode.jar";

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
                Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
            }
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
                && Files.readString(marker).equals(description(buildOptions));
    }

    void rememberBuild(List<String> buildOptions) throws IOException {
        Files.writeString(marker, description(buildOptions));
    }

    void forgetBuild() throws IOException {
        Files.deleteIfExists(marker);
    }

    private String description(List<String> buildOptions) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("result " + sha256(home.resolve(BUILD_RESULT)));
        new TreeSet<>(buildOptions).forEach(option -> lines.add("option " + option));
        TreeMap<String, String> digests = new TreeMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                digests.put(jar.getFileName().toString(), sha256(jar));
            }
        }
        digests.forEach((name, digest) -> lines.add("provider " + digest + " " + name));
        return String.join("\n", lines) + "\n";
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
