package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The finer points of the bodies of an ecosystem's consent API.
 *
 * @param members what may be inside of the data
 * @param permissions which permissions go together
 * @param envelope what answers have beside the data
 * @param reasonEntry what a list of reasons has for the one there is
 * @param error the body of a refusal, where it is neither of the usual ones
 * @param idempotency where clients can lodge the same again
 * @param unofferedPermissions what the ecosystem knows and nobody gets here: left out of what a client asks for
 * @param refusalCodes what a store that judges new consents can name as its reason
 * @param reasonDetails what each code for why a consent ended says in words
 * @param signedBodies where bodies are signed
 */
record ConsentWording(
        List<MemberRule> members,
        List<PermissionRule> permissions,
        Optional<JsonTemplate> envelope,
        Optional<JsonTemplate> reasonEntry,
        Optional<JsonTemplate> error,
        Optional<IdempotencyRule> idempotency,
        Set<String> unofferedPermissions,
        Set<String> refusalCodes,
        Map<String, String> reasonDetails,
        Optional<SignedBodies> signedBodies) {

    static final String SELF = "self";
    static final String NOW = "now";
    static final String CODE = "code";
    static final String DESCRIPTION = "description";

    /** What can be filled into the envelope, and into the body of a refusal. */
    static final Set<String> GAPS_OF_ENVELOPE = Set.of(SELF, NOW);

    static final Set<String> GAPS_OF_ERROR = Set.of(CODE, DESCRIPTION, NOW);

    static final Set<String> GAPS_OF_REASON = Set.of(CODE, DESCRIPTION);

    /** Whether every reason has to be said in words. */
    boolean explainsReasons(ConsentMembers members) {
        return members.reasonDetail().isPresent()
                || reasonEntry.filter(entry -> !entry.hasOnly(Set.of(CODE))).isPresent();
    }

    /** The list of reasons, with one in it. */
    ArrayNode reasons(String code) {
        return JsonNodeFactory.instance
                .arrayNode()
                .add(reasonEntry
                        .orElseThrow()
                        .filled(Map.of(CODE, code, DESCRIPTION, reasonDetails.getOrDefault(code, ""))));
    }

    void checkMembers(ObjectNode data) throws ConsentRefusal {
        for (MemberRule rule : members) {
            rule.check(data);
        }
    }

    void checkPermissions(List<String> asked, ObjectNode data) throws ConsentRefusal {
        for (PermissionRule rule : permissions) {
            rule.check(asked, data);
        }
    }

    /** Puts an answer into its envelope. */
    void wrap(ObjectNode body, String self, Instant now) {
        envelope.ifPresent(template -> body.setAll(template.filled(Map.of(SELF, self, NOW, now.toString()))));
    }

    Optional<ObjectNode> error(String code, String description, Instant now) {
        return error.map(
                template -> template.filled(Map.of(CODE, code, DESCRIPTION, description, NOW, now.toString())));
    }
}
