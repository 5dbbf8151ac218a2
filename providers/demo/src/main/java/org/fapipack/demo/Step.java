package org.fapipack.demo;

/** A step of a flow, as it is told. */
interface Step {

    /** From 1, in the order of the steps. */
    int number();

    String title();

    /** What it is good for, in one line. */
    String explanation();

    /** Whether its time is part of another step's. */
    default boolean isWithinAnother() {
        return false;
    }
}
