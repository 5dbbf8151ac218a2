package org.fapipack.bench;

import java.net.URI;
import java.net.http.HttpRequest;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.http.Form;

/** The requests of a client with {@code private_key_jwt} and DPoP: all signatures are made when they are asked for, not when they are sent. */
record FlowClient(FapiClient fapi) {

    static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /** A form with client authentication. */
    Form authenticated() {
        return Form.of(
                "client_id",
                fapi.clientId(),
                "client_assertion_type",
                ASSERTION_TYPE,
                "client_assertion",
                fapi.clientAssertion().compact());
    }

    HttpRequest push(String requestObject) {
        return form(fapi.metadata().endpoint(ServerMetadata.PUSHED_AUTHORIZATION_REQUEST))
                .POST(body(authenticated().add("request", requestObject)))
                .build();
    }

    /** A token request with a proof that still needs its form. */
    HttpRequest.Builder tokenRequest() {
        URI endpoint = fapi.metadata().endpoint(ServerMetadata.TOKEN);
        return form(endpoint).header("DPoP", fapi.dpopProof("POST", endpoint).compact());
    }

    HttpRequest clientCredentials() {
        return tokenRequest()
                .POST(body(authenticated().add("grant_type", "client_credentials")))
                .build();
    }

    static HttpRequest.BodyPublisher body(Form form) {
        return HttpRequest.BodyPublishers.ofString(form.encode());
    }

    private static HttpRequest.Builder form(URI endpoint) {
        return ClosedLoop.request().uri(endpoint).header("Content-Type", "application/x-www-form-urlencoded");
    }
}
