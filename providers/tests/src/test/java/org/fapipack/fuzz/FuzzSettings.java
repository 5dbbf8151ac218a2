package org.fapipack.fuzz;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/** The same requests in every run, unless {@code fuzz.seed} or {@code fuzz.tries} say otherwise. */
final class FuzzSettings implements AroundPropertyHook {

    private static final String SEED = "20261122";
    private static final int TRIES = 300;

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property)
            throws Throwable {
        PropertyAttributes attributes = context.attributes();
        attributes.setSeed(System.getProperty("fuzz.seed", SEED));
        attributes.setTries(Integer.getInteger("fuzz.tries", TRIES));
        return property.execute();
    }
}
