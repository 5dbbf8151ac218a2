package org.fapipack.testkit.overlay;

import java.util.List;
import java.util.Map;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.http.Json;

/** The sign-in of a realm whose customers decide about consents: a cookie or a password, then the step {@code fapi-consent}. */
public final class ConsentSignIn {

    private static final String FLOW = "browser-with-consent";
    private static final String SIGN_IN = "sign-in";

    private final AdminApi admin;
    private final String flows;

    private ConsentSignIn(AdminApi admin, String realm) {
        this.admin = admin;
        this.flows = "/" + realm + "/authentication/flows";
    }

    /** Makes it the sign-in of the realm, whose customers can have accounts as attributes. */
    public static void putInto(AdminApi admin, String realm) {
        new ConsentSignIn(admin, realm).addFlow();
        admin.updateRealm(realm, Map.of("browserFlow", FLOW));
        String profileOfUsers = "/" + realm + "/users/profile";
        Map<String, Object> profile = admin.get(profileOfUsers).expect(200).json();
        profile.put("unmanagedAttributePolicy", "ADMIN_EDIT");
        admin.put(profileOfUsers, profile).expect(200);
    }

    /** Makes a scope that needs a consent, and gives its id. */
    public static String addScope(AdminApi admin, String realm, String scope) {
        return admin.createClientScope(
                realm,
                Map.of(
                        "name",
                        scope,
                        "protocol",
                        "openid-connect",
                        "attributes",
                        Map.of("include.in.token.scope", "true")));
    }

    private void addFlow() {
        admin.post(flows, Map.of("alias", FLOW, "providerId", "basic-flow", "topLevel", true, "builtIn", false))
                .expect(201);
        admin.post(
                        flows + "/" + FLOW + "/executions/flow",
                        Map.of("alias", SIGN_IN, "type", "basic-flow", "provider", "registration-page-form"))
                .expect(201);
        for (String provider : List.of("auth-cookie", "auth-username-password-form")) {
            addStep(SIGN_IN, provider);
        }
        addStep(FLOW, "fapi-consent");
        String executions = flows + "/" + FLOW + "/executions";
        for (Map<String, Object> step :
                Json.objects(admin.get(executions).expect(200).body())) {
            step.put(
                    "requirement",
                    String.valueOf(step.get("providerId")).startsWith("auth-") ? "ALTERNATIVE" : "REQUIRED");
            admin.put(executions, step).expect(204);
        }
    }

    private void addStep(String flow, String provider) {
        admin.post(flows + "/" + flow + "/executions/execution", Map.of("provider", provider))
                .expect(201);
    }
}
