package org.fapipack.httpsignatures.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.fapipack.httpsignatures.Evidence;

/**
 * Keeps evidence as files that only their owner may read: message, signature base, signature, key and time. Safe for concurrent use.
 *
 * <p>Access tokens, DPoP proofs and cookies are not kept in clear: {@code sha-256=:...:} stands for the values of {@code Authorization},
 * {@code Proxy-Authorization}, {@code DPoP}, {@code Cookie} and {@code Set-Cookie}, in the message and in the signature base. Whoever has the
 * value, as its client does, can put it back and verify the signature, see {@link StoredEvidence}; without it a dispute is about everything but
 * the token. Content is kept when the message has it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-8">RFC 9421 section 8</a>, and FAPI 2.0 Http Signatures, draft 01, clause 7
 */
public final class EvidenceFolder {

    /** In lower case. */
    static final Set<String> SECRET_FIELDS =
            Set.of("authorization", "proxy-authorization", "dpop", "cookie", "set-cookie");

    private static final String HASH_PREFIX = "sha-256=:";

    private final Path folder;
    private final Function<Map<String, Object>, String> json;

    /**
     * @param folder made when the first evidence is kept, for its owner only; its parent exists
     * @param json writes an object of Strings, numbers, Lists and Maps as JSON, by the library of your choice
     */
    public EvidenceFolder(Path folder, Function<Map<String, Object>, String> json) {
        this.folder = requireNonNull(folder, "folder");
        this.json = requireNonNull(json, "json");
    }

    /**
     * Keeps one piece of evidence.
     *
     * @return the new file
     * @throws IOException when it cannot be written
     */
    public Path keep(Evidence evidence) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, forOwner("rwx------"));
        }
        String name = evidence.verifiedAt().toString().replace(':', '-') + "-" + UUID.randomUUID() + ".json";
        Path file = Files.createFile(folder.resolve(name), forOwner("rw-------"));
        Files.writeString(file, json.apply(minimised(evidence)), StandardOpenOption.WRITE);
        return file;
    }

    private FileAttribute<?>[] forOwner(String permissions) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Without the values that only the client keeps. */
    static Map<String, Object> minimised(Evidence evidence) {
        Map<String, Object> map = new LinkedHashMap<>(evidence.toMap());
        map.computeIfPresent("signature_base", (name, base) -> base((String) base));
        map.computeIfPresent("message", (name, message) -> message((Map<?, ?>) message));
        return map;
    }

    private static String base(String base) {
        List<String> lines = new ArrayList<>();
        for (String line : base.split("\n", -1)) {
            int end = line.indexOf(": ");
            String component = line.substring(1, line.indexOf('"', 1));
            lines.add(
                    SECRET_FIELDS.contains(component)
                            ? line.substring(0, end + 2) + hash(line.substring(end + 2))
                            : line);
        }
        return String.join("\n", lines);
    }

    private static Map<String, Object> message(Map<?, ?> message) {
        Map<String, Object> minimised = new LinkedHashMap<>();
        message.forEach((name, value) -> minimised.put(
                (String) name,
                name.equals("fields")
                        ? ((List<?>) value)
                                .stream().map(line -> line((List<?>) line)).toList()
                        : value instanceof Map<?, ?> request ? message(request) : value));
        return minimised;
    }

    private static List<String> line(List<?> line) {
        String name = (String) line.get(0);
        String value = (String) line.get(1);
        return List.of(name, isSecret(name) ? hash(value.strip()) : value);
    }

    static boolean isSecret(String field) {
        return SECRET_FIELDS.contains(field.toLowerCase(Locale.ROOT));
    }

    static boolean isHash(String value) {
        return value.startsWith(HASH_PREFIX) && value.endsWith(":");
    }

    static String hash(String value) {
        try {
            byte[] octets = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.ISO_8859_1));
            return HASH_PREFIX + Base64.getEncoder().encodeToString(octets) + ":";
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
