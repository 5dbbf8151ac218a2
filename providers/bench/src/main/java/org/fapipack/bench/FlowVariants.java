package org.fapipack.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.fapipack.testkit.tls.TestPki;

/** Makes the realms for code flows and client credentials, and says what is compared with what. */
final class FlowVariants {

    private static final String STOCK_SET = "stock-message-signing";
    private static final String OUR_SET = "fapi2-message-signing";

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
        PolicySet theirs = PolicySet.in(clientPolicies, STOCK_SET);
        PolicySet ours = options.control() ? theirs : PolicySet.in(clientPolicies, OUR_SET);
        String name = options.control() ? "stock again" : "pack";
        Comparison comparison = new Comparison();
        for (String policies : options.policies()) {
            String realm = switch (policies) {
                case Options.NONE -> "no policy";
                case Options.SET -> "set";
                default -> policies + " policies";
            };
            Variant baseline = comparison.baseline(variant("stock, " + realm, stock, of(theirs, policies)));
            comparison.compare(variant(name + ", " + realm, other, of(ours, policies)), baseline);
        }
        return comparison;
    }

    private static PolicySet of(PolicySet set, String policies) {
        return switch (policies) {
            case Options.NONE -> PolicySet.none();
            case Options.SET -> set;
            default -> set.filledUpTo(Integer.parseInt(policies));
        };
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
