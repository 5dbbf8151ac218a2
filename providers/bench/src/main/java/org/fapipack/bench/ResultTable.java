package org.fapipack.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The results of some rounds as Markdown. */
final class ResultTable {

    private ResultTable() {}

    /**
     * Medians with the smallest and largest window.
     *
     * @param unit what one sample is, for example "request"
     */
    static List<String> absolute(Rounds rounds, String unit) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("Variant", rate(unit), "p50 ms", "p99 ms", "Server CPU ms/" + unit));
        for (Variant variant : rounds.variants()) {
            rows.add(List.of(
                    variant.label(),
                    rounds.of(variant, Window::requestsPerSecond).text(0),
                    rounds.of(variant, Window::p50Millis).text(1),
                    rounds.of(variant, Window::p99Millis).text(1),
                    rounds.of(variant, Window::cpuMillisPerRequest).text(2)));
        }
        return markdown(rows);
    }

    /** Medians of the ratios within each round, with the smallest and the largest. */
    static List<String> ratios(Rounds rounds, List<Variant> baselines) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("Variant"));
        for (Variant baseline : baselines) {
            head.add("Requests/s to " + baseline.label());
            head.add("CPU/request to " + baseline.label());
        }
        rows.add(head);
        for (Variant variant : rounds.variants()) {
            List<String> row = new ArrayList<>(List.of(variant.label()));
            for (Variant baseline : baselines) {
                boolean self = variant.equals(baseline);
                row.add(
                        self
                                ? "1"
                                : rounds.ratio(variant, baseline, Window::requestsPerSecond)
                                        .text(3));
                row.add(
                        self
                                ? "1"
                                : rounds.ratio(variant, baseline, Window::cpuMillisPerRequest)
                                        .text(3));
            }
            rows.add(row);
        }
        return markdown(rows);
    }

    /** Each variant beside its own baseline: medians of the ratios within each round, with the smallest and the largest. */
    static List<String> beside(Rounds rounds, Map<Variant, Variant> baselines, String unit) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "Variant",
                "beside",
                rate(unit) + ", ratio",
                "p50, ratio",
                "p99, ratio",
                "CPU/" + unit + ", ratio",
                "CPU ms/" + unit + ", difference"));
        baselines.forEach((variant, baseline) -> rows.add(List.of(
                variant.label(),
                baseline.label(),
                rounds.ratio(variant, baseline, Window::requestsPerSecond).text(3),
                rounds.ratio(variant, baseline, Window::p50Millis).text(3),
                rounds.ratio(variant, baseline, Window::p99Millis).text(3),
                rounds.ratio(variant, baseline, Window::cpuMillisPerRequest).text(3),
                rounds.difference(variant, baseline, Window::cpuMillisPerRequest)
                        .text(2))));
        return markdown(rows);
    }

    /**
     * Medians with the smallest number of rows, and the ratios of medians to them with more.
     *
     * @param measured the same variants, once for each number of rows
     */
    static List<String> growth(List<Rounds> measured, List<Integer> counts) {
        Rounds least = measured.get(0);
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(
                "Request", "p50 ms at " + counts.get(0), "p99 ms at " + counts.get(0), "CPU ms at " + counts.get(0)));
        for (int count : counts.subList(1, counts.size())) {
            head.addAll(List.of("p50 at " + count, "p99 at " + count, "CPU at " + count));
        }
        rows.add(head);
        for (Variant variant : least.variants()) {
            List<String> row = new ArrayList<>(List.of(
                    variant.label(),
                    least.of(variant, Window::p50Millis).text(1),
                    least.of(variant, Window::p99Millis).text(1),
                    least.of(variant, Window::cpuMillisPerRequest).text(2)));
            for (Rounds more : measured.subList(1, measured.size())) {
                for (ToDoubleFunction<Window> measure : List.<ToDoubleFunction<Window>>of(
                        Window::p50Millis, Window::p99Millis, Window::cpuMillisPerRequest)) {
                    row.add(Spread.number(
                            more.of(variant, measure).median()
                                    / least.of(variant, measure).median(),
                            2));
                }
            }
            rows.add(row);
        }
        return markdown(rows);
    }

    private static String rate(String unit) {
        return unit.substring(0, 1).toUpperCase(Locale.ROOT) + unit.substring(1) + "s/s";
    }

    private static List<String> markdown(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        int columns = rows.get(0).size();
        for (int i = 0; i < rows.size(); i++) {
            StringBuilder line = new StringBuilder("|");
            for (int column = 0; column < columns; column++) {
                String cell = rows.get(i).get(column);
                line.append(' ')
                        .append(cell)
                        .append(" ".repeat(width(rows, column) - cell.length()))
                        .append(" |");
            }
            lines.add(line.toString());
            if (i == 0) {
                lines.add("|---" + "|---:".repeat(columns - 1) + "|");
            }
        }
        return lines;
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
