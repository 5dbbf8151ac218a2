package org.fapipack.bench;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * What stands on the command line.
 *
 * @param workload what the servers are asked for
 * @param without executors that are left out, each in turn; {@link #EACH} alone stands for every one of the pack, {@link #NONE} for none
 * @param policies which realms are compared, in this order: {@link #NONE}, {@link #SET}, or how many policies the set is filled up to
 * @param rounds of each part
 * @param window length of one measured window
 * @param warmUp load before the first window of each server
 * @param threads requests at a time
 * @param port the first of four consecutive ports; 0 means any free ones
 * @param privateKeyJwt whether resource servers authenticate with private_key_jwt instead of a secret
 * @param plainOnly whether the second part is left out
 * @param control whether both servers are stock
 */
record Options(
        Workload workload,
        List<String> without,
        List<String> policies,
        int rounds,
        Duration window,
        Duration warmUp,
        int threads,
        int port,
        boolean privateKeyJwt,
        boolean plainOnly,
        boolean control,
        boolean flightRecording,
        boolean help) {

    /** Stands for all executors of the pack. */
    static final String EACH = "each";

    /** Stands for no executor, and for no policy. */
    static final String NONE = "none";

    /** Stands for the policies as the repository ships them. */
    static final String SET = "set";

    /** Enough to see how the cost grows; the texts of that many still fit into a realm. */
    private static final int MOST_POLICIES = 1_000;

    private static final List<String> ALL_POLICIES = List.of(NONE, SET, "10", "100");

    /** The command line is wrong; the message says how, in one line. */
    static final class UsageException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static Options parse(String... arguments) {
        return new Parser(arguments).parse();
    }

    /** Reads the arguments from left to right; a later option wins. */
    private static final class Parser {

        private final Deque<String> rest;
        private Workload workload = Workload.INTROSPECTION;
        private final List<String> without = new ArrayList<>();
        private final List<String> policies = new ArrayList<>();
        private int rounds = 4;
        private int windowSeconds = 8;
        private int warmUpSeconds = 60;
        private int threads = 4;
        private int port;
        private boolean privateKeyJwt;
        private boolean plainOnly;
        private boolean control;
        private boolean flightRecording;
        private boolean help;

        Parser(String... arguments) {
            rest = new ArrayDeque<>(Arrays.asList(arguments));
        }

        Options parse() {
            while (!rest.isEmpty()) {
                String argument = rest.pop();
                int equals = argument.indexOf('=');
                if (equals > 0) {
                    rest.push(argument.substring(equals + 1));
                    value(argument.substring(0, equals));
                } else if (!flag(argument)) {
                    value(argument);
                }
            }
            boolean flows = workload == Workload.FLOW || workload == Workload.CLIENT_CREDENTIALS;
            if (!without.isEmpty() && (!flows || plainOnly || control)) {
                throw new UsageException("--without goes with --workload flow or client-credentials alone");
            }
            if (!policies.isEmpty() && (workload == Workload.INTROSPECTION || plainOnly || !without.isEmpty())) {
                throw new UsageException(
                        "--policies goes with --workload flow or client-credentials, and not with --plain-only or --without");
            }
            return new Options(
                    workload,
                    List.copyOf(without),
                    plainOnly ? List.of(NONE) : policies.isEmpty() ? ALL_POLICIES : List.copyOf(policies),
                    rounds,
                    Duration.ofSeconds(windowSeconds),
                    Duration.ofSeconds(warmUpSeconds),
                    threads,
                    port,
                    privateKeyJwt,
                    plainOnly,
                    control,
                    flightRecording,
                    help);
        }

        private boolean flag(String option) {
            switch (option) {
                case "--private-key-jwt" -> privateKeyJwt = true;
                case "--plain-only" -> plainOnly = true;
                case "--control" -> control = true;
                case "--flight-recording" -> flightRecording = true;
                case "--help", "-h" -> help = true;
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void value(String option) {
            switch (option) {
                case "--workload" -> workload = workload();
                case "--without" -> without.add(next());
                case "--policies" -> policies.add(policies(option));
                case "--rounds" -> rounds = between(option, 2, 40);
                case "--seconds" -> windowSeconds = between(option, 1, 30);
                case "--warm-up" -> warmUpSeconds = between(option, 1, 120);
                case "--threads" -> threads = between(option, 1, 64);
                case "--port" -> port = between(option, 1, 65_532);
                default -> throw new UsageException("unknown option " + option);
            }
        }

        private Workload workload() {
            String text = next();
            return Workload.of(text)
                    .orElseThrow(() -> new UsageException(
                            "--workload needs introspection, flow, client-credentials or consents, not " + text));
        }

        private String policies(String option) {
            String first = rest.isEmpty() ? "" : rest.peek();
            return NONE.equals(first) || SET.equals(first)
                    ? next()
                    : Integer.toString(between(option, PolicySet.LARGEST + 1, MOST_POLICIES));
        }

        private String next() {
            return rest.isEmpty() ? "nothing" : rest.pop();
        }

        private int between(String option, int min, int max) {
            String text = next();
            try {
                int number = Integer.parseInt(text);
                if (min <= number && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw new UsageException(range(option, min, max, text));
            }
            throw new UsageException(range(option, min, max, text));
        }

        private static String range(String option, int min, int max, String text) {
            return option + " needs a number from " + min + " to " + max + ", not " + text;
        }
    }
}
