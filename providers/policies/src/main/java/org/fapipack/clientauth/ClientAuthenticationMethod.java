package org.fapipack.clientauth;

import java.util.Arrays;
import java.util.List;

/**
 * The client authentication methods a policy can allow, by their registered names.
 *
 * @see <a href="https://www.iana.org/assignments/oauth-parameters/oauth-parameters.xhtml#token-endpoint-auth-method">IANA registry</a>
 */
enum ClientAuthenticationMethod {
    PRIVATE_KEY_JWT("private_key_jwt"),
    TLS_CLIENT_AUTH("tls_client_auth"),
    SELF_SIGNED_TLS_CLIENT_AUTH("self_signed_tls_client_auth"),
    /** FAPI 1.0 Baseline only. */
    CLIENT_SECRET_JWT("client_secret_jwt"),
    /** A public client. FAPI 1.0 Baseline only. */
    NONE("none");

    private final String registeredName;

    ClientAuthenticationMethod(String registeredName) {
        this.registeredName = registeredName;
    }

    String registeredName() {
        return registeredName;
    }

    static List<String> registeredNames() {
        return Arrays.stream(values()).map(method -> method.registeredName).toList();
    }
}
