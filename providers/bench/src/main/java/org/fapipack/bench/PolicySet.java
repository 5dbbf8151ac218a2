package org.fapipack.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.http.Json;

/**
 * Client profiles and client policies of a realm, as the repository ships them. The first policy of a set is the one for clients with
 * DPoP, which are what is measured.
 */
record PolicySet(List<Map<String, Object>> profiles, List<Map<String, Object>> policies) {

    /** Policies in the largest set that is measured. */
    static final int LARGEST = 3;

    private static final String PACK_EXECUTORS = "fapi-";

    static PolicySet none() {
        return new PolicySet(List.of(), List.of());
    }

    /** @param folder {@code client-policies} */
    static PolicySet in(Path folder, String set) {
        return new PolicySet(list(folder, set, "profiles"), list(folder, set, "policies"));
    }

    private static List<Map<String, Object>> list(Path folder, String set, String kind) {
        Path file = folder.resolve(set + "." + kind + ".json");
        try {
            return Json.objects((List<?>) Json.object(Files.readString(file)).get(kind));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** With so many policies: those of the set, then enabled ones for clients with an attribute that none has. */
    PolicySet filledUpTo(int count) {
        List<Map<String, Object>> more = new ArrayList<>(policies);
        while (more.size() < count) {
            String attribute = "bench.absent." + more.size();
            Map<String, Object> policy = new LinkedHashMap<>(policies.get(0));
            policy.put("name", attribute);
            policy.put(
                    "conditions",
                    List.of(Map.of(
                            "condition",
                            "client-attributes",
                            "configuration",
                            Map.of("attributes", "[{\"key\":\"" + attribute + "\",\"value\":\"true\"}]"))));
            more.add(policy);
        }
        return new PolicySet(profiles, more);
    }

    /** The pack's executors in the profile of the measured clients. */
    List<String> packExecutors() {
        return policies.stream()
                .limit(1)
                .flatMap(policy -> ((List<?>) policy.get("profiles")).stream())
                .flatMap(name -> profiles.stream().filter(profile -> name.equals(profile.get("name"))))
                .flatMap(profile -> executors(profile).stream())
                .map(executor -> (String) executor.get("executor"))
                .filter(id -> id.startsWith(PACK_EXECUTORS))
                .toList();
    }

    /** Without one executor in any profile. */
    PolicySet without(String executorId) {
        return new PolicySet(
                profiles.stream()
                        .map(profile -> {
                            Map<String, Object> changed = new LinkedHashMap<>(profile);
                            changed.put(
                                    "executors",
                                    executors(profile).stream()
                                            .filter(executor -> !executorId.equals(executor.get("executor")))
                                            .toList());
                            return changed;
                        })
                        .toList(),
                policies);
    }

    private static List<Map<String, Object>> executors(Map<String, Object> profile) {
        return Json.objects((List<?>) profile.get("executors"));
    }

    void saveIn(AdminApi admin, String realm) {
        if (!profiles.isEmpty()) {
            admin.setClientProfiles(realm, profiles);
        }
        if (!policies.isEmpty()) {
            admin.setClientPolicies(realm, policies);
        }
    }
}
