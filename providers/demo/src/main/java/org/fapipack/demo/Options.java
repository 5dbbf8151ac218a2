package org.fapipack.demo;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** What stands on the command line. */
record Options(int port, boolean once, boolean help) {

    static final int DEFAULT_PORT = 8443;

    /** The command line is wrong; the message says how, in one line. */
    static final class UsageException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static Options parse(String... arguments) {
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
                if (rest.isEmpty()) {
                    throw new UsageException("--port needs a number");
                }
                port = port(rest.pop());
            } else if (argument.startsWith("--port=")) {
                port = port(argument.substring("--port=".length()));
            } else {
                throw new UsageException("unknown option " + argument);
            }
        }
        return new Options(port, once, help);
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
