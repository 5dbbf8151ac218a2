package org.fapipack.httpsignatures;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.greenbytes.http.sfv.BooleanItem;
import org.greenbytes.http.sfv.InnerList;
import org.greenbytes.http.sfv.Item;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.Parameters;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;

/**
 * One member of {@code Accept-Signature}: a signature that the sender would like to get, in a request on the response, in a response on the
 * next request. A wish, which the receiver may leave unheard. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-5">RFC 9421 section 5</a>
 */
public final class AcceptSignature {

    /** The field's name. */
    public static final String FIELD = "Accept-Signature";

    private final String label;
    private final InnerList wish;

    private AcceptSignature(String label, InnerList wish) {
        this.label = label;
        this.wish = wish;
    }

    /**
     * A wish for {@code created} and these components.
     *
     * @param label a key of a Dictionary: lower case, begins with a letter
     * @param components what to cover, in this order
     * @param tag the tag to use, printable ASCII
     */
    public static AcceptSignature of(String label, Set<ComponentIdentifier> components, String tag) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("created", true);
        parameters.put("tag", StringItem.valueOf(tag));
        List<Item<?>> items = new ArrayList<>();
        components.forEach(component -> items.add(Parser.parseItem(component.toString())));
        return new AcceptSignature(label, InnerList.valueOf(items).withParams(Parameters.valueOf(parameters)));
    }

    /**
     * What a resource server that refuses a request sends along: how the next one has to be signed.
     *
     * @param refused the request: whether it has content and uses DPoP decides on what is to be covered
     */
    public static AcceptSignature forNext(HttpMessage refused) {
        Set<ComponentIdentifier> components = FapiProfile.requiredOfRequest(refused);
        boolean scheme = refused.values("authorization").stream()
                .anyMatch(value -> value.strip().regionMatches(true, 0, "DPoP ", 0, 5));
        if (scheme) {
            components.add(ComponentIdentifier.DPOP);
        }
        return of("sig1", components, FapiProfile.REQUEST_TAG);
    }

    /**
     * The wishes of a message.
     *
     * @return in their order; none when the message has no such field
     * @throws HttpSignatureException {@link RefusalReason#SIGNATURE_MALFORMED} or {@link RefusalReason#LIMIT_EXCEEDED}
     */
    public static List<AcceptSignature> of(HttpMessage message) throws HttpSignatureException {
        if (!message.has(FIELD)) {
            return List.of();
        }
        Map<String, ListElement<?>> members = new StructuredFields(Limits.DEFAULT, RefusalReason.SIGNATURE_MALFORMED)
                .dictionaryWithUniqueKeys(FIELD, message.values(FIELD));
        List<AcceptSignature> wishes = new ArrayList<>();
        for (Map.Entry<String, ListElement<?>> member : members.entrySet()) {
            if (!(member.getValue() instanceof InnerList list)
                    || !list.get().stream().allMatch(StringItem.class::isInstance)) {
                throw new HttpSignatureException(
                        RefusalReason.SIGNATURE_MALFORMED,
                        "wish \"%s\" is no Inner List of Strings".formatted(member.getKey()));
            }
            wishes.add(new AcceptSignature(member.getKey(), list));
        }
        return wishes;
    }

    /** The label that the signature is to have. */
    public String label() {
        return label;
    }

    /**
     * What to cover, no more and no less.
     *
     * @throws HttpSignatureException {@link RefusalReason#BASE_ERROR} for a component that is unknown or not legal, and for one that is there twice
     */
    public Set<ComponentIdentifier> components() throws HttpSignatureException {
        return new SignatureInput(label, wish).components();
    }

    /**
     * The signature that is wished for.
     *
     * @param tag the tag that it will have; a wish for another one is not heard
     * @param expires what {@code expires} says, if it is wished for
     * @return empty when the wish cannot be fulfilled with this key
     */
    Optional<SignatureInput> granted(MessageSigner signer, String tag, Instant created, Instant expires)
            throws HttpSignatureException {
        SignatureInput.Builder input =
                SignatureInput.builder(label).cover(components()).created(created);
        for (Map.Entry<String, Item<?>> parameter : wish.getParams().entrySet()) {
            Item<?> value = parameter.getValue();
            boolean flag = value instanceof BooleanItem bool && Boolean.TRUE.equals(bool.get());
            String text = value instanceof StringItem string ? string.get() : null;
            boolean possible = switch (parameter.getKey()) {
                case "created" -> flag;
                case "expires" -> flag;
                case "nonce" -> text != null;
                case "keyid" -> signer.keyId().equals(text);
                case "alg" -> signer.algorithm().httpName().equals(Optional.ofNullable(text));
                case "tag" -> tag.equals(text);
                default -> false;
            };
            if (!possible) {
                return Optional.empty();
            }
            switch (parameter.getKey()) {
                case "expires" -> input.expires(expires);
                case "nonce" -> input.nonce(text);
                case "alg" -> input.algorithm(text);
                default -> {
                    /* sent in any case */
                }
            }
        }
        return Optional.of(input.keyId(signer.keyId()).tag(tag).build());
    }

    /** The field's value for this wish alone. */
    @Override
    public String toString() {
        return label + "=" + wish.serialize();
    }
}
