package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which permissions go together.
 *
 * @param asked the rule is about requests for at least one of these; where there are none, about all
 * @param withMember the rule is about requests that have this, too; empty where that does not matter
 * @param need what such a request needs
 * @param of the permissions it needs
 * @param member what it needs to have in its data
 * @param answer to a request that breaks the rule; empty where the usual one is right
 */
record PermissionRule(
        Set<String> asked,
        Optional<MemberPath> withMember,
        Need need,
        Set<String> of,
        Optional<MemberPath> member,
        Optional<ConsentAnswer> answer) {

    /** What can be needed. */
    enum Need {
        /** At least one. */
        ANY_OF,
        ALL_OF,
        NONE_OF,
        /** Something in the data. */
        MEMBER;

        /** The name in data, for example {@code any-of}. */
        String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    void check(Collection<String> permissions, ObjectNode data) throws ConsentRefusal {
        if (isAbout(permissions, data) && !isKept(permissions, data)) {
            throw new ConsentRefusal(
                    ConsentDefect.PERMISSION_COMBINATION,
                    answer,
                    "these permissions cannot be asked for together, or not without others or more data");
        }
    }

    private boolean isAbout(Collection<String> permissions, ObjectNode data) {
        return (asked.isEmpty() || !Collections.disjoint(asked, permissions))
                && withMember.map(path -> isIn(path, data)).orElse(true);
    }

    private boolean isKept(Collection<String> permissions, ObjectNode data) {
        return switch (need) {
            case ANY_OF -> !Collections.disjoint(of, permissions);
            case ALL_OF -> permissions.containsAll(of);
            case NONE_OF -> Collections.disjoint(of, permissions);
            case MEMBER -> isIn(member.orElseThrow(), data);
        };
    }

    private static boolean isIn(MemberPath path, ObjectNode data) {
        return !path.in(data).isMissingNode() && !path.in(data).isNull();
    }
}
