package org.fapipack.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fapipack.httpsignatures.Evidence;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.Verification;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.fapipack.httpsignatures.server.EvidenceFolder;
import org.fapipack.httpsignatures.server.StoredEvidence;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;

/**
 * The folder of evidence: what the API keeps of requests, what the client keeps of answers, and the client's tokens and proofs, of which the others
 * have hashes only. All files are for their owner alone.
 */
final class EvidenceFiles {

    private static final String REQUESTS = "requests";
    private static final String ANSWERS = "answers";
    private static final String TOKENS = "tokens.txt";
    private static final Set<String> SECRET_HEADERS = Set.of("Authorization", "DPoP");

    private final Path folder;

    /**
     * One file, verified again.
     *
     * @param file in the folder
     * @param what it proves
     * @param signer the thumbprint of the key that signed
     * @param problem empty text when all is right
     */
    record Verified(Path file, String what, String signer, String problem) {

        boolean passed() {
            return problem.isEmpty();
        }
    }

    EvidenceFiles(Path folder) {
        this.folder = folder;
    }

    /** An empty one; what an earlier run left there is deleted. */
    static EvidenceFiles startedAt(Path folder) {
        try {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> old = Files.walk(folder)) {
                    for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new EvidenceFiles(folder);
    }

    Path folder() {
        return folder;
    }

    /** Where the API keeps what clients signed. */
    Path requests() {
        return folder.resolve(REQUESTS);
    }

    /** Keeps an answer, and the values of its request that the file has hashes of. */
    Path keep(Evidence answer, Headers sent) {
        try {
            Path tokens = folder.resolve(TOKENS);
            if (!Files.exists(tokens)) {
                Files.createFile(
                        tokens, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            List<String> values = sent.lines().stream()
                    .filter(line -> SECRET_HEADERS.contains(line.getKey()))
                    .map(line -> line.getValue())
                    .toList();
            Files.write(tokens, values, UTF_8, StandardOpenOption.APPEND);
            return new EvidenceFolder(folder.resolve(ANSWERS), Json::write).keep(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the API kept of a request with this header {@code Signature}. */
    Path requestWith(String signature) {
        Optional<String> octets = Optional.of(signature.replaceAll("^[^:]*:|:$", ""));
        return filesIn(REQUESTS).stream()
                .filter(file -> Json.text(json(file), "signature").equals(octets))
                .findFirst()
                .orElseThrow(() -> new Steps.Mismatch("the API kept no evidence of the request"));
    }

    /** The files of answers, oldest first. */
    List<Path> answers() {
        return filesIn(ANSWERS);
    }

    /** Verifies every file again, requests before answers, oldest first. */
    List<Verified> verify() {
        List<Verified> all = new ArrayList<>();
        Stream.of(REQUESTS, ANSWERS).flatMap(name -> filesIn(name).stream()).forEach(file -> all.add(verify(file)));
        return List.copyOf(all);
    }

    /** Verifies one file again, with nothing but the files. */
    Verified verify(Path file) {
        String what = "no evidence";
        String signer = "";
        try {
            StoredEvidence stored = StoredEvidence.of(json(file)).withValues(tokens());
            what = what(stored.message());
            signer = stored.keyThumbprint();
            Verification verification = stored.verify(VerificationPolicy.STRICT, new JoseMessageVerifier());
            String problem = verification instanceof Verification.Refused refused
                    ? refused.reason().code()
                            + (stored.missingValues().isEmpty()
                                    ? ""
                                    : ", " + TOKENS + " lacks a value it has a hash of")
                    : "";
            return new Verified(file, what, signer, problem);
        } catch (IllegalArgumentException e) {
            return new Verified(file, what, signer, String.valueOf(e.getMessage()));
        }
    }

    private static String what(HttpMessage message) {
        HttpMessage request = message.request().orElse(message);
        return (message.isRequest() ? "request " : message.status() + " to ")
                + request.method().orElse("") + " " + request.targetUri().orElse("");
    }

    private List<String> tokens() {
        Path tokens = folder.resolve(TOKENS);
        try {
            return Files.exists(tokens) ? Files.readAllLines(tokens) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> filesIn(String name) {
        Path place = folder.resolve(name);
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> json(Path file) {
        try {
            return Json.object(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
