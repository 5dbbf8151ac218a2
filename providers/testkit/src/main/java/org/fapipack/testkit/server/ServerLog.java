package org.fapipack.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What Keycloak wrote to its log file. */
final class ServerLog {

    /** Comes last, also as an error, and says nothing about it. */
    private static final String HINT = "For more details run the same command";

    /** Infinispan's "Received new cluster view for channel ISPN: [a|1] (2) [a, b]". */
    private static final Pattern CLUSTER_VIEW = Pattern.compile("ISPN000094: .*?\\|\\d+] \\((\\d+)\\)");

    private ServerLog() {}

    /** How many nodes the server said last that its cluster has; 0 when it has not said. */
    static int clusterSize(Path log) {
        try {
            return clusterSize(new String(Files.readAllBytes(log), UTF_8));
        } catch (IOException unreadable) {
            return 0;
        }
    }

    static int clusterSize(String text) {
        return CLUSTER_VIEW
                .matcher(text)
                .results()
                .mapToInt(view -> Integer.parseInt(view.group(1)))
                .reduce(0, (earlier, later) -> later);
    }

    /** The last line that reports an error, without time stamp and logger; or else the last line of all. */
    static Optional<String> lastError(Path log) {
        try {
            return lastError(new String(Files.readAllBytes(log), UTF_8).lines().toList());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    static Optional<String> lastError(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).contains("ERROR") && !lines.get(i).contains(HINT)) {
                return Optional.of(withoutPrefix(lines.get(i)));
            }
        }
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (!lines.get(i).isBlank()) {
                return Optional.of(lines.get(i).strip());
            }
        }
        return Optional.empty();
    }

    /** "2026-01-01 00:00:00,000 ERROR [logger] (main) ERROR: text" has its news in the last part. */
    private static String withoutPrefix(String line) {
        return line.strip().replaceFirst("^.*?ERROR\\s*(\\[[^]]*]\\s*\\([^)]*\\)\\s*)?(ERROR:\\s*)?:?\\s*", "");
    }
}
