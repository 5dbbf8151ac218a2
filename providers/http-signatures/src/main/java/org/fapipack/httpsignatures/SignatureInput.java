package org.fapipack.httpsignatures;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.greenbytes.http.sfv.InnerList;
import org.greenbytes.http.sfv.IntegerItem;
import org.greenbytes.http.sfv.Item;
import org.greenbytes.http.sfv.Parameters;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;

/**
 * One member of {@code Signature-Input}: a label, the covered components in their order, and the signature parameters in theirs. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-2.3">RFC 9421 section 2.3</a>
 */
public final class SignatureInput {

    private final String label;
    private final InnerList list;
    private final String text;

    SignatureInput(String label, InnerList list) {
        this.label = label;
        this.list = list;
        this.text = list.serialize();
    }

    /** Begins what a signer covers, under a label in lower case that begins with a letter. */
    public static Builder builder(String label) {
        return new Builder(label);
    }

    /** The label, which has no meaning beyond this message. */
    public String label() {
        return label;
    }

    /**
     * The covered components in their order.
     *
     * @throws HttpSignatureException {@link RefusalReason#BASE_ERROR} for one that is unknown or not legal, and for one that is there twice
     */
    public Set<ComponentIdentifier> components() throws HttpSignatureException {
        Set<ComponentIdentifier> components = new LinkedHashSet<>();
        for (Item<?> item : list.get()) {
            ComponentIdentifier component = ComponentIdentifier.of((StringItem) item);
            if (!components.add(component)) {
                throw component.error("is covered twice");
            }
        }
        return components;
    }

    /** When the signature was made, in whole seconds. @throws HttpSignatureException {@link RefusalReason#PARAMETER_TYPE} */
    public Optional<Instant> created() throws HttpSignatureException {
        return time("created");
    }

    /** Until when the signer vouches for it, in whole seconds. @throws HttpSignatureException {@link RefusalReason#PARAMETER_TYPE} */
    public Optional<Instant> expires() throws HttpSignatureException {
        return time("expires");
    }

    /** A value that the signer uses once. @throws HttpSignatureException {@link RefusalReason#PARAMETER_TYPE} */
    public Optional<String> nonce() throws HttpSignatureException {
        return string("nonce");
    }

    /** A name of the registry of HTTP signature algorithms. @throws HttpSignatureException {@link RefusalReason#PARAMETER_TYPE} */
    public Optional<String> algorithm() throws HttpSignatureException {
        return string("alg");
    }

    /** Names the key. @throws HttpSignatureException {@link RefusalReason#PARAMETER_TYPE} */
    public Optional<String> keyId() throws HttpSignatureException {
        return string("keyid");
    }

    /** What the signature is for. @throws HttpSignatureException {@link RefusalReason#PARAMETER_TYPE} */
    public Optional<String> tag() throws HttpSignatureException {
        return string("tag");
    }

    /** The value of {@code @signature-params}: strictly serialised, orders kept. */
    public String signatureParams() {
        return text;
    }

    /** The member as it stands in {@code Signature-Input}. */
    @Override
    public String toString() {
        return label + "=" + text;
    }

    private Optional<Instant> time(String name) throws HttpSignatureException {
        Item<?> item = list.getParams().get(name);
        if (item == null) {
            return Optional.empty();
        }
        if (item instanceof IntegerItem seconds) {
            return Optional.of(Instant.ofEpochSecond(seconds.getAsLong()));
        }
        throw new HttpSignatureException(
                RefusalReason.PARAMETER_TYPE, "signature parameter %s is no Integer".formatted(name));
    }

    private Optional<String> string(String name) throws HttpSignatureException {
        Item<?> item = list.getParams().get(name);
        if (item == null) {
            return Optional.empty();
        }
        if (item instanceof StringItem string) {
            return Optional.of(string.get());
        }
        throw new HttpSignatureException(
                RefusalReason.PARAMETER_TYPE, "signature parameter %s is no String".formatted(name));
    }

    /** Collects components and parameters in the order they are given; not thread-safe. */
    public static final class Builder {
        private final String label;
        private final Set<ComponentIdentifier> components = new LinkedHashSet<>();
        private final Map<String, Object> parameters = new LinkedHashMap<>();

        private Builder(String label) {
            this.label = requireNonNull(label, "label");
            if (!Parser.parseKey(label).equals(label)) {
                throw new IllegalArgumentException("a label is a key of a Dictionary");
            }
        }

        /** Covers one more component; one that is covered already stays where it is. */
        public Builder cover(ComponentIdentifier component) {
            components.add(requireNonNull(component, "component"));
            return this;
        }

        /** Covers more components, in their order. */
        public Builder cover(Iterable<ComponentIdentifier> more) {
            more.forEach(this::cover);
            return this;
        }

        /** {@code created}; fractions of a second are cut off. */
        public Builder created(Instant time) {
            parameters.put("created", IntegerItem.valueOf(time.getEpochSecond()));
            return this;
        }

        /** {@code expires}; fractions of a second are cut off. */
        public Builder expires(Instant time) {
            parameters.put("expires", IntegerItem.valueOf(time.getEpochSecond()));
            return this;
        }

        /** {@code nonce}, printable ASCII. @throws IllegalArgumentException for other characters */
        public Builder nonce(String value) {
            return string("nonce", value);
        }

        /** {@code alg}, printable ASCII. @throws IllegalArgumentException for other characters */
        public Builder algorithm(String value) {
            return string("alg", value);
        }

        /** {@code keyid}, printable ASCII. @throws IllegalArgumentException for other characters */
        public Builder keyId(String value) {
            return string("keyid", value);
        }

        /** {@code tag}, printable ASCII. @throws IllegalArgumentException for other characters */
        public Builder tag(String value) {
            return string("tag", value);
        }

        private Builder string(String name, String value) {
            parameters.put(name, StringItem.valueOf(value));
            return this;
        }

        /** The member. */
        public SignatureInput build() {
            List<Item<?>> items = new ArrayList<>();
            for (ComponentIdentifier component : components) {
                items.add(Parser.parseItem(component.toString()));
            }
            return new SignatureInput(label, InnerList.valueOf(items).withParams(Parameters.valueOf(parameters)));
        }
    }
}
