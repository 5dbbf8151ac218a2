package org.fapipack.bench;

import java.util.List;
import java.util.Locale;

/** The median of some measurements, with the smallest and the largest. */
record Spread(double median, double min, double max) {

    static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing measured");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** "512 (498-530)" with the given number of decimals; "1 (-1 to 2)" where that could be misread. */
    String text(int decimals) {
        String range = min < 0 ? " to " : "-";
        return number(median, decimals) + " (" + number(min, decimals) + range + number(max, decimals) + ")";
    }

    static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
