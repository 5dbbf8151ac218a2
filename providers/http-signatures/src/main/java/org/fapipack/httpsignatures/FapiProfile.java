package org.fapipack.httpsignatures;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the profile "FAPI 2.0 Http Signatures", draft 01, demands of a signature. */
final class FapiProfile {

    static final String REQUEST_TAG = "fapi-2-request";
    static final String RESPONSE_TAG = "fapi-2-response";

    private FapiProfile() {}

    /** Clause 5.3.1.1: the components that the signature of this request must cover, in the order in which signers here cover them. */
    static Set<ComponentIdentifier> requiredOfRequest(HttpMessage request) {
        Set<ComponentIdentifier> required = new LinkedHashSet<>();
        required.add(ComponentIdentifier.METHOD);
        required.add(ComponentIdentifier.TARGET_URI);
        required.add(ComponentIdentifier.AUTHORIZATION);
        if (request.has("dpop")) {
            required.add(ComponentIdentifier.DPOP);
        }
        if (request.content().isPresent()) {
            required.add(ComponentIdentifier.CONTENT_DIGEST);
        }
        return required;
    }

    /** Clause 5.3.2.1: the components of the response itself. */
    static Set<ComponentIdentifier> requiredOfResponse(HttpMessage response) {
        Set<ComponentIdentifier> required = new LinkedHashSet<>();
        required.add(ComponentIdentifier.STATUS);
        if (response.content().isPresent()) {
            required.add(ComponentIdentifier.CONTENT_DIGEST);
        }
        return required;
    }

    /** Clause 5.3.2.1: the components of its request, but for those that {@link #requireSignatureOfRequest} looks for. */
    static Set<ComponentIdentifier> requiredOfItsRequest(HttpMessage request) {
        Set<ComponentIdentifier> required = new LinkedHashSet<>();
        required.add(ComponentIdentifier.METHOD.fromRequest());
        required.add(ComponentIdentifier.TARGET_URI.fromRequest());
        if (request.has(ContentDigest.FIELD)) {
            required.add(ComponentIdentifier.CONTENT_DIGEST.fromRequest());
        }
        return required;
    }

    static void requireCoverage(
            Set<ComponentIdentifier> required, Set<ComponentIdentifier> covered, RefusalReason otherwise)
            throws HttpSignatureException {
        for (ComponentIdentifier component : required) {
            if (!covered.contains(component)) {
                throw new HttpSignatureException(otherwise, component + " is not covered");
            }
        }
    }

    /** The signatures of a message that carry a tag. */
    static List<ReceivedSignature> tagged(String tag, List<ReceivedSignature> signatures)
            throws HttpSignatureException {
        List<ReceivedSignature> tagged = new ArrayList<>();
        for (ReceivedSignature signature : signatures) {
            if (signature.input().tag().equals(Optional.of(tag))) {
                tagged.add(signature);
            }
        }
        return tagged;
    }

    /** A signed request's signature has to be covered: as whole fields, or each member with the profile's tag by its label. */
    static void requireSignatureOfRequest(HttpMessage request, Set<ComponentIdentifier> covered, Limits limits)
            throws HttpSignatureException {
        for (ReceivedSignature signature : signaturesOfRequest(request, limits)) {
            for (ComponentIdentifier field :
                    List.of(ComponentIdentifier.SIGNATURE, ComponentIdentifier.SIGNATURE_INPUT)) {
                ComponentIdentifier member = ComponentIdentifier.parse(
                        "%s;req;key=\"%s\"".formatted(field, signature.input().label()));
                if (!covered.contains(field.fromRequest()) && !covered.contains(member)) {
                    throw new HttpSignatureException(
                            RefusalReason.BINDING_MISSING, field.fromRequest() + " is not covered");
                }
            }
        }
    }

    /** The signatures with the profile's tag of the request that a response answers; none when it was not signed. */
    static List<ReceivedSignature> signaturesOfRequest(HttpMessage request, Limits limits)
            throws HttpSignatureException {
        if (!request.has("signature-input") && !request.has("signature")) {
            return List.of();
        }
        return tagged(REQUEST_TAG, ReceivedSignature.of(request, limits));
    }
}
