package org.fapipack.demo;

/** A step of a flow, as it is told: one of an enum, in the order of the flow. */
interface Step {

    /**
     * What is said of it.
     *
     * @param explanation what it is good for, in one line
     */
    record Words(String title, String explanation) {}

    Words words();

    /** As every enum has it, from 0. */
    int ordinal();

    /** From 1, in the order of the steps. */
    default int number() {
        return ordinal() + 1;
    }

    default String title() {
        return words().title();
    }

    default String explanation() {
        return words().explanation();
    }

    /** Whether its time is part of another step's. */
    default boolean isWithinAnother() {
        return false;
    }
}
