package org.fapipack.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpRequest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fapipack.testkit.client.RandomText;
import org.fapipack.testkit.http.Form;

/** {@code client_secret_basic}: costs next to nothing, so that differences between the variants show at their largest. */
record Secret(String clientId, String secret) implements Credentials {

    private static final int OCTETS = 24;

    static Secret random(String clientId) {
        return new Secret(clientId, RandomText.ofOctets(OCTETS));
    }

    @Override
    public Map<String, Object> registeredIn(Map<String, Object> client) {
        Map<String, Object> registered = new LinkedHashMap<>(client);
        registered.put("clientAuthenticatorType", "client-secret");
        registered.put("secret", secret);
        return registered;
    }

    @Override
    public HttpRequest authenticate(HttpRequest.Builder request, Form form) {
        String credentials = Base64.getEncoder().encodeToString((clientId + ":" + secret).getBytes(UTF_8));
        return request.header("Authorization", "Basic " + credentials)
                .POST(HttpRequest.BodyPublishers.ofString(form.encode()))
                .build();
    }

    @Override
    public boolean reusable() {
        return true;
    }

    /** No secret in a message. */
    @Override
    public String toString() {
        return "Secret[" + clientId + "]";
    }
}
