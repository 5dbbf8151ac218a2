package org.fapipack.demo;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * What stands on the command line.
 *
 * @param evidence the folder that is verified again, and nothing else done; empty: a flow is shown
 * @param ecosystem whose consents are shown; empty: FAPI 2.0 Message Signing
 */
record Options(Optional<Path> evidence, Optional<String> ecosystem, int port, boolean once, boolean help) {

    static final int DEFAULT_PORT = 8443;

    /** The command line is wrong; the message says how, in one line. */
    static final class UsageException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static Options parse(String... arguments) {
        Optional<Path> evidence = Optional.empty();
        Optional<String> ecosystem = Optional.empty();
        int port = DEFAULT_PORT;
        boolean once = false;
        boolean help = false;
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(arguments));
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            if (argument.equals("--once")) {
                once = true;
            } else if (argument.equals("--help") || argument.equals("-h")) {
                help = true;
            } else if (argument.equals("--port")) {
                port = port(value(rest, "--port needs a number"));
            } else if (argument.startsWith("--port=")) {
                port = port(argument.substring("--port=".length()));
            } else if (argument.equals("--ecosystem")) {
                ecosystem = Optional.of(value(rest, "--ecosystem needs a name"));
            } else if (argument.startsWith("--ecosystem=")) {
                ecosystem = Optional.of(argument.substring("--ecosystem=".length()));
            } else if (argument.equals("--verify-evidence")) {
                evidence = Optional.of(folder(value(rest, "--verify-evidence needs a folder")));
            } else if (argument.startsWith("--verify-evidence=")) {
                evidence = Optional.of(folder(argument.substring("--verify-evidence=".length())));
            } else {
                throw new UsageException("unknown option " + argument);
            }
        }
        return new Options(evidence, ecosystem, port, once, help);
    }

    private static String value(Deque<String> rest, String problem) {
        if (rest.isEmpty()) {
            throw new UsageException(problem);
        }
        return rest.pop();
    }

    private static Path folder(String text) {
        try {
            Path folder = Path.of(text);
            if (!text.isEmpty() && Files.isDirectory(folder)) {
                return folder;
            }
        } catch (InvalidPathException e) {
            throw new UsageException("--verify-evidence needs a folder, not " + text);
        }
        throw new UsageException("there is no folder " + text);
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new UsageException("--port needs a number from 1 to 65535, not " + text);
        }
        throw new UsageException("--port needs a number from 1 to 65535, not " + text);
    }
}
