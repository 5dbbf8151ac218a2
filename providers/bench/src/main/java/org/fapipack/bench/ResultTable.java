package org.fapipack.bench;

import java.util.ArrayList;
import java.util.List;

/** The results of some rounds as Markdown. */
final class ResultTable {

    private ResultTable() {}

    /** Medians with the smallest and largest window. */
    static List<String> absolute(Rounds rounds) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("Variant", "Requests/s", "p50 ms", "p99 ms", "Server CPU ms/request"));
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
