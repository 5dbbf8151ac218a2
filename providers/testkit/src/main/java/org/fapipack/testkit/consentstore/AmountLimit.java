package org.fapipack.testkit.consentstore;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Judges new consents by the amount they name: more than the limit is refused, and so is what is no amount. Consents without that member are none
 * of its business.
 *
 * @param member of the consent, with dots for members of members
 * @param most the highest amount that is accepted
 * @param code of refusals; without it the type of consent has one
 */
public record AmountLimit(String member, BigDecimal most, Optional<String> code)
        implements UnaryOperator<Map<String, Object>> {

    /** What accepts a consent. */
    public static final Map<String, Object> ACCEPTED = Map.of("verdict", "accepted");

    @Override
    public Map<String, Object> apply(Map<String, Object> asked) {
        Optional<Object> found = Optional.ofNullable(asked.get("consent"));
        for (String name : member.split("\\.", -1)) {
            found = found.filter(Map.class::isInstance).map(object -> ((Map<?, ?>) object).get(name));
        }
        return found.isEmpty() || isAccepted(found.get()) ? ACCEPTED : refusal();
    }

    private boolean isAccepted(Object amount) {
        try {
            return new BigDecimal(String.valueOf(amount)).compareTo(most) <= 0;
        } catch (NumberFormatException noNumber) {
            return false;
        }
    }

    private Map<String, Object> refusal() {
        Map<String, Object> refusal = new LinkedHashMap<>();
        refusal.put("verdict", "refused");
        code.ifPresent(known -> refusal.put("code", known));
        refusal.put("description", "the amount is above the limit of " + most.toPlainString());
        return refusal;
    }
}
