/**
 * What every client-policy executor of the pack shares: settings that are declared once and checked when a profile is saved, and
 * the question "which of our rules hold for this client?", answered by the realm's client policies themselves.
 */
package org.fapipack.executor;
