package org.fapipack.fuzz;

import java.util.function.Function;

/** One thing done to a correct request, with the words a report needs. */
record Change<T, R>(String what, Function<T, R> how) implements Function<T, R> {

    private static final int MAX_WORDS = 200;

    @Override
    public R apply(T correct) {
        return how.apply(correct);
    }

    /** Short and printable, for it may hold anything. */
    @Override
    public String toString() {
        String printable = what.codePoints()
                .mapToObj(c -> c >= ' ' && c < 127 ? Character.toString(c) : "\\u{" + Integer.toHexString(c) + "}")
                .limit(MAX_WORDS)
                .reduce("", String::concat);
        return what.length() > MAX_WORDS ? printable + "... (" + what.length() + ")" : printable;
    }
}
