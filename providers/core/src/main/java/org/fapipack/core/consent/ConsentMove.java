package org.fapipack.core.consent;

import java.util.Optional;

/**
 * A change of state that an ecosystem allows to one kind of actor.
 *
 * @param reason the ecosystem's code for why, where it has one
 * @param forgets whether nobody but the customer and the operator finds the consent afterwards
 */
public record ConsentMove(
        ConsentState from, ConsentState to, ConsentActor by, Optional<String> reason, boolean forgets) {}
