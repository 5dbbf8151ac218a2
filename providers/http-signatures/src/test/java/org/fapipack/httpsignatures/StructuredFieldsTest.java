package org.fapipack.httpsignatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.fapipack.httpsignatures.Vectors.Case;
import org.greenbytes.http.sfv.BooleanItem;
import org.greenbytes.http.sfv.ByteSequenceItem;
import org.greenbytes.http.sfv.DecimalItem;
import org.greenbytes.http.sfv.InnerList;
import org.greenbytes.http.sfv.IntegerItem;
import org.greenbytes.http.sfv.Item;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;
import org.greenbytes.http.sfv.TokenItem;
import org.greenbytes.http.sfv.Type;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All cases of {@code structured-fields-subset.json}, through the parser that reads our fields.
 *
 * <p>Date and Display String came with RFC 9651, and no field of message signatures uses them; the parser does not know them, so whatever
 * contains one is refused.
 */
class StructuredFieldsTest {

    private static final Set<String> NOT_SUPPORTED = Set.of("date", "display-string");

    static Stream<Named<Case>> supported() {
        return cases(false);
    }

    static Stream<Named<Case>> unsupported() {
        return cases(true);
    }

    private static Stream<Named<Case>> cases(boolean ofUnsupportedTypes) {
        Case file = Vectors.file("structured-fields-subset.json");
        return file.json().entrySet().stream()
                .filter(group -> group.getValue() instanceof List)
                .filter(group -> NOT_SUPPORTED.contains(group.getKey()) == ofUnsupportedTypes)
                .flatMap(group -> file.objects(group.getKey()).stream()
                        .map(vector -> Named.of(group.getKey() + ": " + vector.text("name"), vector)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("supported")
    void parsesAndSerialises(Case vector) {
        if (Boolean.TRUE.equals(vector.json().get("must_fail"))) {
            assertThatThrownBy(() -> parse(vector)).isInstanceOf(IllegalArgumentException.class);
            return;
        }
        Type<?> parsed;
        try {
            parsed = parse(vector);
        } catch (IllegalArgumentException refused) {
            assertThat(vector.json()).as(refused.getMessage()).containsEntry("can_fail", true);
            return;
        }
        assertThat(form(parsed)).isEqualTo(expected(vector.json().get("expected")));
        assertThat(parsed.serialize()).isEqualTo(String.join(", ", canonical(vector)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unsupported")
    void refusesWhatItDoesNotKnow(Case vector) {
        assertThatThrownBy(() -> parse(vector)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thereAreAsManyCasesAsTheFileIsSaidToHave() {
        assertThat(supported().count() + unsupported().count()).isEqualTo(235);
    }

    private static Type<?> parse(Case vector) {
        Parser parser = new Parser(lines(vector, "raw"));
        return switch (vector.text("header_type")) {
            case "item" -> parser.parseItem();
            case "list" -> parser.parseList();
            case "dictionary" -> parser.parseDictionary();
            default -> throw new IllegalStateException(vector.text("header_type"));
        };
    }

    private static List<String> canonical(Case vector) {
        return lines(vector, vector.has("canonical") ? "canonical" : "raw");
    }

    @SuppressWarnings("unchecked")
    private static List<String> lines(Case vector, String name) {
        return (List<String>) vector.json().get(name);
    }

    /** The parsed value in the form of the vectors. */
    private static Object form(Type<?> parsed) {
        if (parsed instanceof org.greenbytes.http.sfv.Dictionary dictionary) {
            List<Object> members = new ArrayList<>();
            dictionary.get().forEach((key, member) -> members.add(List.of(key, element(member))));
            return members;
        }
        if (parsed instanceof org.greenbytes.http.sfv.OuterList list) {
            return list.get().stream().map(StructuredFieldsTest::element).toList();
        }
        return element((ListElement<?>) parsed);
    }

    private static Object element(ListElement<?> element) {
        List<Object> parameters = new ArrayList<>();
        element.getParams().forEach((key, value) -> parameters.add(List.of(key, bare(value))));
        Object value = element instanceof InnerList list
                ? list.get().stream().map(StructuredFieldsTest::element).toList()
                : bare((Item<?>) element);
        return List.of(value, parameters);
    }

    private static Object bare(Item<?> item) {
        if (item instanceof IntegerItem integer) {
            return new BigDecimal(integer.getAsLong()).setScale(3);
        }
        if (item instanceof DecimalItem decimal) {
            return decimal.get().setScale(3);
        }
        if (item instanceof TokenItem token) {
            return Map.of("token", token.get());
        }
        if (item instanceof ByteSequenceItem octets) {
            return octets.get().duplicate();
        }
        return item instanceof StringItem || item instanceof BooleanItem ? item.get() : item;
    }

    private static Object expected(Object json) {
        if (json instanceof List<?> list) {
            return list.stream().map(StructuredFieldsTest::expected).toList();
        }
        if (json instanceof Number number) {
            return new BigDecimal(number.toString()).setScale(3);
        }
        if (json instanceof Map<?, ?> typed) {
            return "token".equals(typed.get("__type"))
                    ? Map.of("token", typed.get("value"))
                    : ByteBuffer.wrap(base32((String) typed.get("value")));
        }
        return json;
    }

    private static byte[] base32(String text) {
        String digits = text.replace("=", "");
        byte[] octets = new byte[digits.length() * 5 / 8];
        long bits = 0;
        int count = 0;
        int length = 0;
        for (int i = 0; i < digits.length(); i++) {
            bits = bits << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(digits.charAt(i));
            count += 5;
            if (count >= 8) {
                octets[length++] = (byte) (bits >> (count - 8));
                count -= 8;
            }
        }
        return octets;
    }
}
