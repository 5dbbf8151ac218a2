package org.fapipack.bench.signatures;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Runs JMH with its own arguments, and then puts each measurement beside the one it is to be compared with. */
public final class SideBySide {

    private static final Map<String, String> BESIDE =
            Map.of("sign", "bareSign", "verify", "bareVerify", "withFilter", "withoutFilter");

    private SideBySide() {}

    /** JMH's own entry point where nothing is measured ({@code -h}, {@code -l} and the like). */
    public static void main(String[] arguments) throws Exception {
        CommandLineOptions options = new CommandLineOptions(arguments);
        if (options.shouldHelp()
                || options.shouldList()
                || options.shouldListWithParams()
                || options.shouldListProfilers()
                || options.shouldListResultFormats()) {
            Main.main(arguments);
            return;
        }
        System.out.print(table(new Runner(options).run()));
    }

    private static String table(Collection<RunResult> results) {
        Map<String, RunResult> byName = new LinkedHashMap<>();
        results.forEach(result -> byName.put(algorithm(result) + " " + method(result), result));
        StringBuilder table = new StringBuilder("""

                | | us for each | beside, us | Difference, us | Ratio of operations/s | KiB for each | beside, KiB |
                |---|---:|---:|---:|---:|---:|---:|
                """);
        byName.forEach((name, result) -> {
            RunResult beside = byName.get(algorithm(result) + " " + BESIDE.get(method(result)));
            if (beside != null) {
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %.0f | %.0f | %.0f | %.2f | %s | %s |%n",
                        name,
                        1e6 / score(result),
                        1e6 / score(beside),
                        1e6 / score(result) - 1e6 / score(beside),
                        score(result) / score(beside),
                        kibibytes(result),
                        kibibytes(beside)));
            }
        });
        return table.toString();
    }

    private static String algorithm(RunResult result) {
        return result.getParams().getParam("algorithm");
    }

    private static String method(RunResult result) {
        return result.getPrimaryResult().getLabel();
    }

    private static double score(RunResult result) {
        return result.getPrimaryResult().getScore();
    }

    /** What {@code -prof gc} counted, in all threads of the process. */
    private static String kibibytes(RunResult result) {
        for (Map.Entry<String, Result> secondary : result.getSecondaryResults().entrySet()) {
            if (secondary.getKey().endsWith("gc.alloc.rate.norm")) {
                return String.format(Locale.ROOT, "%.0f", secondary.getValue().getScore() / 1024);
            }
        }
        return "";
    }
}
