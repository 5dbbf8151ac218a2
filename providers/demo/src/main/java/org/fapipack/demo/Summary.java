package org.fapipack.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table at the end: a row a step, a column a flow. */
record Summary(List<? extends Step> steps, List<Column> columns, Duration setUp) {

    private static final int TITLE_WIDTH = 60;
    private static final int COLUMN_WIDTH = 16;

    /** One flow. Steps after a failed one have no result. */
    record Column(String name, List<StepResult> results) {

        /** One line for each step that failed. */
        List<String> problems() {
            return results.stream()
                    .filter(result -> !result.passed())
                    .map(result -> name + ", step " + result.step().number() + " failed: "
                            + result.problem().orElseThrow())
                    .toList();
        }

        Optional<StepResult> result(Step step) {
            return results.stream().filter(result -> result.step() == step).findFirst();
        }

        Duration took() {
            return results.stream()
                    .filter(result -> !result.step().isWithinAnother())
                    .map(StepResult::took)
                    .reduce(Duration.ZERO, Duration::plus);
        }
    }

    List<String> lines(Style style) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        StringBuilder head = new StringBuilder(" " + " ".repeat(TITLE_WIDTH));
        columns.forEach(column -> head.append(padded(column.name())));
        lines.add(style.bold(head.toString()));
        for (Step step : steps) {
            StringBuilder row = new StringBuilder(" ").append(padded(step.number() + "  " + step.title(), TITLE_WIDTH));
            columns.forEach(column -> row.append(cell(column.result(step), style)));
            lines.add(row.toString());
        }
        lines.add(" " + style.dim(style.line(Terminal.LINE_WIDTH - 2)));
        lines.add(" " + total(style));
        return lines;
    }

    private static String cell(Optional<StepResult> result, Style style) {
        if (result.isEmpty()) {
            return " ".repeat(COLUMN_WIDTH - 1) + style.skipped();
        }
        String time = Terminal.milliseconds(result.get().took());
        int mark = style.unicode() ? 1 : result.get().passed() ? 2 : 6;
        return " ".repeat(Math.max(1, COLUMN_WIDTH - time.length() - mark - 1)) + time + " "
                + (result.get().passed() ? style.tick() : style.cross());
    }

    private String total(Style style) {
        int all = steps.size() * columns.size();
        long passed = columns.stream()
                .flatMap(column -> column.results().stream())
                .filter(StepResult::passed)
                .count();
        String text = passed + " of " + all + " steps passed; server ready after "
                + Terminal.milliseconds(setUp) + ", flows took "
                + columns.stream()
                        .map(column -> Terminal.milliseconds(column.took()))
                        .reduce((first, second) -> first + " and " + second)
                        .orElse("no time");
        return passed == all ? style.good(text) : style.bad(text);
    }

    private static String padded(String text) {
        return " ".repeat(Math.max(1, COLUMN_WIDTH - text.length())) + text;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
