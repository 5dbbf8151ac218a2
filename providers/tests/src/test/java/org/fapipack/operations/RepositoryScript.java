package org.fapipack.operations;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A script of this repository, run as an operator runs it: by its own name, with nothing but its arguments and environment. */
final class RepositoryScript {

    private static final int TIMEOUT_SECONDS = 120;

    private final Path file;
    private final Map<String, String> environment;

    private RepositoryScript(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /**
     * @param path from the root of the repository
     * @param tools commands it cannot work without
     * @throws IllegalStateException when one of them is not there
     */
    static RepositoryScript at(String path, String... tools) {
        List<String> missing =
                Arrays.stream(tools).filter(tool -> !isInstalled(tool)).toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    path + " needs " + String.join(", ", missing) + ": install it, or run .ci/run, which does");
        }
        return new RepositoryScript(root().resolve(path), Map.of());
    }

    static Path root() {
        return Path.of(System.getProperty("project.root")).toAbsolutePath().normalize();
    }

    private static boolean isInstalled(String tool) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    RepositoryScript with(String variable, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(variable, value);
        return new RepositoryScript(file, Map.copyOf(more));
    }

    Run run(String... arguments) {
        return run(Arrays.asList(arguments));
    }

    Run run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(arguments);
        return Run.of(command, environment);
    }

    /** How a command ended, and what it printed. */
    record Run(List<String> command, int exitStatus, String output, String errors) {

        static Run of(List<String> command, Map<String, String> environment) {
            try {
                Path output = Files.createTempFile("script", ".out");
                Path errors = Files.createTempFile("script", ".err");
                try {
                    ProcessBuilder builder = new ProcessBuilder(command)
                            .redirectInput(new File("/dev/null"))
                            .redirectOutput(output.toFile())
                            .redirectError(errors.toFile());
                    builder.environment()
                            .keySet()
                            .removeIf(variable -> variable.startsWith("KC_") || variable.startsWith("FAPI_"));
                    builder.environment().putAll(environment);
                    int exitStatus = exitStatus(builder.start(), command);
                    return new Run(command, exitStatus, Files.readString(output), Files.readString(errors));
                } finally {
                    Files.delete(output);
                    Files.delete(errors);
                }
            } catch (IOException unusable) {
                throw new UncheckedIOException(unusable);
            }
        }

        private static int exitStatus(Process process, List<String> command) {
            try {
                if (process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    return process.exitValue();
                }
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IllegalStateException("still running after " + TIMEOUT_SECONDS + " s: " + command);
            } catch (InterruptedException stopped) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted: " + command, stopped);
            }
        }

        /** This run, if it ended with the given status. */
        Run expect(int status) {
            if (exitStatus != status) {
                throw new AssertionError("expected exit status " + status + ": " + this);
            }
            return this;
        }

        @Override
        public String toString() {
            return command + " -> " + exitStatus + "\n" + output + errors;
        }
    }
}
