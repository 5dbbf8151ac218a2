package org.fapipack.protocol;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.keycloak.OAuth2Constants;
import org.keycloak.utils.StringUtil;

/** What Keycloak's grant for permission tickets (UMA) cannot read, and fails on with an internal error. */
final class PermissionRequest {

    private static final String PERMISSION = "permission";
    private static final String LIMIT = "response_permissions_limit";

    /** A permission is a resource, {@code #} and scopes; this names neither. */
    private static final Pattern NOTHING = Pattern.compile("#+");

    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]{1,9}");

    private PermissionRequest() {}

    /** The first thing that cannot be read; empty for every other grant. */
    static Optional<String> defect(MultivaluedMap<String, String> form) {
        if (!OAuth2Constants.UMA_GRANT_TYPE.equals(read(form.getFirst(OAuth2Constants.GRANT_TYPE)))) {
            return Optional.empty();
        }
        if (form.containsKey(LIMIT)
                && !WHOLE_NUMBER.matcher(read(form.getFirst(LIMIT))).matches()) {
            return Optional.of(LIMIT + " must be a whole number of at most nine digits");
        }
        return form.getOrDefault(PERMISSION, List.of()).stream()
                        .anyMatch(
                                permission -> NOTHING.matcher(read(permission)).matches())
                ? Optional.of(PERMISSION + " must name a resource or a scope")
                : Optional.empty();
    }

    /** As Keycloak reads it, which takes control characters out. */
    private static String read(String value) {
        return StringUtil.removeControlCharacters(value);
    }
}
