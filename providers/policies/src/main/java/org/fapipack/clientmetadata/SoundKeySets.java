package org.fapipack.clientmetadata;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Key sets that were read and found sound: what a set is judged by is in its text, and clients send many requests with one. Keeps the ones used last.
 * May be used by several threads.
 */
final class SoundKeySets {

    /** Sets; a client has one. */
    private static final int MAX_KEPT = 1_000;

    /** Characters of a set that is kept, about ten keys; longer ones are read each time. */
    private static final int MAX_CHARACTERS = 8_192;

    private final Map<String, Boolean> sound = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_KEPT;
        }
    });

    private final Function<String, Optional<String>> judge;

    /** @param judge {@link JwkSetRules#firstDefect}, whose answer depends on the text alone */
    SoundKeySets(Function<String, Optional<String>> judge) {
        this.judge = judge;
    }

    /** What the judge says of a JWK Set. */
    Optional<String> firstDefect(String jwks) {
        if (sound.get(jwks) != null) {
            return Optional.empty();
        }
        Optional<String> defect = judge.apply(jwks);
        if (defect.isEmpty() && jwks.length() <= MAX_CHARACTERS) {
            sound.put(jwks, true);
        }
        return defect;
    }
}
