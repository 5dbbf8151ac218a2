package org.fapipack.executor;

/**
 * What an executor demands under its settings. Where several policies hold for one client, the stricter of both wins.
 *
 * @param <R> the rules' own type
 */
public interface Rules<R extends Rules<R>> {

    /** Rules that allow only what both allow. */
    R and(R other);
}
