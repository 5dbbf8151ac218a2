package org.fapipack.httpsignatures;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.greenbytes.http.sfv.BooleanItem;
import org.greenbytes.http.sfv.Item;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;

/**
 * Names a component of a message that a signature covers: a field or a derived component, with its parameters. Immutable.
 *
 * <p>Two are equal when their names and parameters are, whatever the order of the parameters; the order is kept all the same, because the
 * signature base contains it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-2">RFC 9421 section 2</a>
 */
public final class ComponentIdentifier {

    private static final Set<String> DERIVED = Set.of(
            "@method",
            "@target-uri",
            "@authority",
            "@scheme",
            "@request-target",
            "@path",
            "@query",
            "@query-param",
            "@status");

    public static final ComponentIdentifier METHOD = of("@method");
    public static final ComponentIdentifier TARGET_URI = of("@target-uri");
    public static final ComponentIdentifier STATUS = of("@status");
    public static final ComponentIdentifier AUTHORIZATION = of("authorization");
    public static final ComponentIdentifier DPOP = of("dpop");
    public static final ComponentIdentifier CONTENT_DIGEST = of("content-digest");
    public static final ComponentIdentifier SIGNATURE = of("signature");
    public static final ComponentIdentifier SIGNATURE_INPUT = of("signature-input");

    /** Those that nearly every signature covers, so that they need not be made for each. */
    private static final Map<String, ComponentIdentifier> WITHOUT_PARAMETERS = Stream.of(
                    METHOD, TARGET_URI, STATUS, AUTHORIZATION, DPOP, CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT)
            .collect(Collectors.toUnmodifiableMap(ComponentIdentifier::name, Function.identity()));

    private final String name;
    private final boolean strict;
    private final boolean byteSequence;
    private final boolean trailer;
    private final boolean ofRequest;
    private final String key;
    private final String queryParameter;
    private final String text;

    private ComponentIdentifier(StringItem item) throws HttpSignatureException {
        name = item.get();
        if (!(name.startsWith("@") ? DERIVED.contains(name) : isFieldName(name))) {
            throw error("unknown or not in lower case");
        }
        boolean sf = false;
        boolean bs = false;
        boolean tr = false;
        boolean req = false;
        String member = null;
        String parameter = null;
        for (Map.Entry<String, Item<?>> entry : item.getParams().entrySet()) {
            switch (entry.getKey()) {
                case "sf" -> sf = flag(entry.getValue());
                case "bs" -> bs = flag(entry.getValue());
                case "tr" -> tr = flag(entry.getValue());
                case "req" -> req = flag(entry.getValue());
                case "key" -> member = string(entry.getValue());
                case "name" -> parameter = string(entry.getValue());
                default -> throw error("has an unknown parameter");
            }
        }
        strict = sf;
        byteSequence = bs;
        trailer = tr;
        ofRequest = req;
        key = member;
        queryParameter = parameter;
        text = item.serialize();
        if (bs && (sf || key != null)) {
            throw error("has bs with sf or key");
        }
        if (isDerived() && (sf || bs || tr || key != null)) {
            throw error("is no field, but has a parameter for fields");
        }
        if (name.equals("@query-param") != (queryParameter != null)) {
            throw error("has the parameter name where it does not belong, or lacks it");
        }
    }

    /**
     * A component without parameters.
     *
     * @param name a field's name in lower case, or a derived component's
     * @throws IllegalArgumentException when there is no such component
     */
    public static ComponentIdentifier of(String name) {
        try {
            return new ComponentIdentifier(StringItem.valueOf(name));
        } catch (HttpSignatureException unknown) {
            throw new IllegalArgumentException(unknown);
        }
    }

    /**
     * Reads a component identifier as it stands in a signature base, for example {@code "content-digest";req}.
     *
     * @throws HttpSignatureException {@link RefusalReason#BASE_ERROR}
     */
    public static ComponentIdentifier parse(String text) throws HttpSignatureException {
        try {
            if (Parser.parseItem(text) instanceof StringItem item) {
                return new ComponentIdentifier(item);
            }
        } catch (IllegalArgumentException notAnItem) {
            throw new HttpSignatureException(RefusalReason.BASE_ERROR, "no component identifier", notAnItem);
        }
        throw new HttpSignatureException(RefusalReason.BASE_ERROR, "a component identifier is a String");
    }

    static ComponentIdentifier of(StringItem item) throws HttpSignatureException {
        ComponentIdentifier known = item.getParams().isEmpty() ? WITHOUT_PARAMETERS.get(item.get()) : null;
        return known == null ? new ComponentIdentifier(item) : known;
    }

    /** The same component of the request that caused the response ({@code req}). */
    public ComponentIdentifier fromRequest() {
        if (ofRequest) {
            return this;
        }
        try {
            return parse(text + ";req");
        } catch (HttpSignatureException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The component's name. */
    public String name() {
        return name;
    }

    /** Whether this is a derived component; a field otherwise. */
    public boolean isDerived() {
        return name.startsWith("@");
    }

    /** Whether the component is one of the request that caused the response ({@code req}). */
    public boolean isOfRequest() {
        return ofRequest;
    }

    /** Which member of a Dictionary is meant ({@code key}). */
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }

    boolean isStrict() {
        return strict;
    }

    boolean isByteSequence() {
        return byteSequence;
    }

    boolean isTrailer() {
        return trailer;
    }

    String queryParameter() {
        return queryParameter;
    }

    HttpSignatureException error(String what) {
        return new HttpSignatureException(RefusalReason.BASE_ERROR, "component \"%s\" %s".formatted(name, what));
    }

    private boolean flag(Item<?> value) throws HttpSignatureException {
        if (value instanceof BooleanItem flag && Boolean.TRUE.equals(flag.get())) {
            return true;
        }
        throw error("has a flag with a value");
    }

    private String string(Item<?> value) throws HttpSignatureException {
        if (value instanceof StringItem text) {
            return text.get();
        }
        throw error("has a parameter that is no String");
    }

    private static boolean isFieldName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char character = name.charAt(i);
            if (!(character >= 'a' && character <= 'z')
                    && !(character >= '0' && character <= '9')
                    && "!#$%&'*+-.^_`|~".indexOf(character) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ComponentIdentifier that
                && name.equals(that.name)
                && strict == that.strict
                && byteSequence == that.byteSequence
                && trailer == that.trailer
                && ofRequest == that.ofRequest
                && Objects.equals(key, that.key)
                && Objects.equals(queryParameter, that.queryParameter);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** The identifier as it stands in a signature base. */
    @Override
    public String toString() {
        return text;
    }
}
