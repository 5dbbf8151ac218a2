package org.fapipack.core.consent;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a client says that it lodges the same consent again.
 *
 * @param header that holds its key
 * @param required whether every request needs one
 */
public record IdempotencyRule(String header, boolean required) {

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,40}");

    /**
     * The key of a request.
     *
     * @param sent the values of the header
     */
    public Optional<String> key(List<String> sent) throws ConsentRefusal {
        if (sent.isEmpty() && !required) {
            return Optional.empty();
        }
        if (sent.isEmpty()) {
            throw new ConsentRefusal(ConsentDefect.MISSING, "the header " + header + " is missing");
        }
        if (sent.size() > 1 || !KEY.matcher(sent.get(0)).matches()) {
            throw new ConsentRefusal(
                    ConsentDefect.MALFORMED, "the header " + header + " must have one value of 1 to 40 characters");
        }
        return Optional.of(sent.get(0));
    }
}
