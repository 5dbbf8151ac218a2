package org.fapipack.introspection;

import java.util.List;
import org.fapipack.executor.Rules;

/**
 * How introspection requests of a client under the policy are answered.
 *
 * @param allowedAlgorithms JWS algorithms a response may be signed with, never empty
 * @param defaultAlgorithm the one used where the resource server registered none
 * @param signedResponseRequired whether plain JSON is refused
 * @param refuseOtherClients whether a client that is no resource server is refused instead of told that the token is inactive
 */
record SignedIntrospectionRules(
        List<String> allowedAlgorithms,
        String defaultAlgorithm,
        boolean signedResponseRequired,
        boolean refuseOtherClients)
        implements Rules<SignedIntrospectionRules> {

    @Override
    public SignedIntrospectionRules and(SignedIntrospectionRules other) {
        List<String> both = allowedAlgorithms.stream()
                .filter(other.allowedAlgorithms::contains)
                .toList();
        if (both.isEmpty()) {
            throw new IllegalStateException(
                    "two client policies leave no algorithm for signed introspection responses");
        }
        return new SignedIntrospectionRules(
                both,
                both.contains(defaultAlgorithm) ? defaultAlgorithm : both.get(0),
                signedResponseRequired || other.signedResponseRequired,
                refuseOtherClients || other.refuseOtherClients);
    }
}
