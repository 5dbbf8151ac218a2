package org.fapipack.demo;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * What stands on the command line.
 *
 * @param ecosystem whose consents are shown; empty: FAPI 2.0 Message Signing
 */
record Options(Optional<String> ecosystem, int port, boolean once, boolean help) {

    static final int DEFAULT_PORT = 8443;

    /** The command line is wrong; the message says how, in one line. */
    static final class UsageException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static Options parse(String... arguments) {
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
            } else {
                throw new UsageException("unknown option " + argument);
            }
        }
        return new Options(ecosystem, port, once, help);
    }

    private static String value(Deque<String> rest, String problem) {
        if (rest.isEmpty()) {
            throw new UsageException(problem);
        }
        return rest.pop();
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
