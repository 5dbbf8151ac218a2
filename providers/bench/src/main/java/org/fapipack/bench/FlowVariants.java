package org.fapipack.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.fapipack.testkit.tls.TestPki;

/** Makes the realms for code flows and client credentials, and says what is compared with what. */
final class FlowVariants {

    private static final String STOCK_SET = "stock-message-signing";
    private static final String OUR_SET = "fapi2-message-signing";

    /** How many policies a realm has beside the set as it is shipped. */
    private static final List<Integer> POLICIES = List.of(10, 100);

    private final Options options;
    private final Path clientPolicies;
    private final TestPki pki;

    /** @param clientPolicies the folder of that name */
    FlowVariants(Options options, Path clientPolicies, TestPki pki) {
        this.options = options;
        this.clientPolicies = clientPolicies;
        this.pki = pki;
    }

    /** Keycloak's own profile on a stock server beside ours on one with the JAR, with ever more policies in the realm. */
    Comparison beside(MeasuredKeycloak stock, MeasuredKeycloak other) {
        Map<String, List<PolicySet>> realms = new LinkedHashMap<>();
        realms.put("no policy", List.of(PolicySet.none(), PolicySet.none()));
        if (!options.plainOnly()) {
            PolicySet theirs = PolicySet.in(clientPolicies, STOCK_SET);
            PolicySet ours = options.control() ? theirs : PolicySet.in(clientPolicies, OUR_SET);
            realms.put("set", List.of(theirs, ours));
            for (int count : POLICIES) {
                realms.put(count + " policies", List.of(theirs.filledUpTo(count), ours.filledUpTo(count)));
            }
        }
        String name = options.control() ? "stock again" : "pack";
        Comparison comparison = new Comparison();
        realms.forEach((realm, sets) -> {
            Variant baseline = comparison.baseline(variant("stock, " + realm, stock, sets.get(0)));
            comparison.compare(variant(name + ", " + realm, other, sets.get(1)), baseline);
        });
        return comparison;
    }

    /** Our profile beside the same without one executor, once for each that the options name. */
    Comparison leavingOut(MeasuredKeycloak keycloak) {
        PolicySet ours = PolicySet.in(clientPolicies, OUR_SET);
        Comparison comparison = new Comparison();
        Variant whole = comparison.baseline(variant("pack, set", keycloak, ours));
        for (String executor : leftOut(ours)) {
            comparison.compare(variant("without " + executor, keycloak, ours.without(executor)), whole);
        }
        return comparison;
    }

    /** With {@link Options#EACH}, once more without none: what two equal realms differ by. */
    private List<String> leftOut(PolicySet ours) {
        List<String> known = Stream.concat(ours.packExecutors().stream(), Stream.of(Options.NONE))
                .toList();
        if (options.without().equals(List.of(Options.EACH))) {
            return known;
        }
        options.without().stream().filter(id -> !known.contains(id)).findFirst().ifPresent(unknown -> {
            throw new Options.UsageException("--without needs each or one of " + String.join(", ", known));
        });
        return options.without();
    }

    private Variant variant(String label, MeasuredKeycloak keycloak, PolicySet policies) {
        String realm = label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        FlowRealm made = FlowRealm.create(keycloak, pki, realm, policies);
        return options.workload() == Workload.FLOW
                ? made.codeFlow(label, options.threads())
                : made.clientCredentials(label);
    }
}
