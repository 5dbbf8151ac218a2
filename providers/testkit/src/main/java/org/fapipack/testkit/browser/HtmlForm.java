package org.fapipack.testkit.browser;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fapipack.testkit.http.Form;

/**
 * A form of a page: where it goes and the fields that are in it.
 *
 * @param hidden the values a browser sends without the user's doing
 * @param names of all fields and named buttons
 */
record HtmlForm(String action, Form hidden, List<String> names) {

    private static final Pattern FORM =
            Pattern.compile("<form\\b([^>]*)>(.*?)</form>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern FIELD =
            Pattern.compile("<(input|button|select|textarea)\\b([^>]*)>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern CHARACTER = Pattern.compile("&#(x?)([0-9a-fA-F]+);");

    static List<HtmlForm> allIn(String html) {
        List<HtmlForm> forms = new ArrayList<>();
        Matcher form = FORM.matcher(html);
        while (form.find()) {
            attribute(form.group(1), "action").ifPresent(action -> forms.add(parse(action, form.group(2))));
        }
        return List.copyOf(forms);
    }

    private static HtmlForm parse(String action, String content) {
        Form hidden = Form.empty();
        List<String> names = new ArrayList<>();
        Matcher field = FIELD.matcher(content);
        while (field.find()) {
            Optional<String> name = attribute(field.group(2), "name");
            if (name.isEmpty()) {
                continue;
            }
            names.add(name.get());
            if (attribute(field.group(2), "type")
                    .orElse("")
                    .toLowerCase(Locale.ROOT)
                    .equals("hidden")) {
                hidden = hidden.add(
                        name.get(), attribute(field.group(2), "value").orElse(""));
            }
        }
        return new HtmlForm(action, hidden, List.copyOf(names));
    }

    boolean has(String field) {
        return names.contains(field);
    }

    private static Optional<String> attribute(String attributes, String name) {
        Matcher matcher = Pattern.compile(
                        "(?:^|\\s)" + name + "\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'>]+))",
                        Pattern.CASE_INSENSITIVE)
                .matcher(attributes);
        if (!matcher.find()) {
            return Optional.empty();
        }
        for (int group = 1; group <= 3; group++) {
            if (matcher.group(group) != null) {
                return Optional.of(unescape(matcher.group(group)));
            }
        }
        return Optional.empty();
    }

    /** The page's words without its markup. */
    static String text(String html) {
        return unescape(html.replaceAll("(?is)<(script|style|head)\\b.*?</\\1>", " ")
                        .replaceAll("(?s)<!--.*?-->", " ")
                        .replaceAll("<[^>]*>", " "))
                .replaceAll("\\s+", " ")
                .strip();
    }

    static String unescape(String text) {
        String numeric = CHARACTER
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(Character.toString(
                        Integer.parseInt(match.group(2), match.group(1).isEmpty() ? 10 : 16))));
        String named = numeric;
        for (Map.Entry<String, String> entity : Map.of(
                        "&lt;", "<", "&gt;", ">", "&quot;", "\"", "&apos;", "'", "&nbsp;", " ")
                .entrySet()) {
            named = named.replace(entity.getKey(), entity.getValue());
        }
        return named.replace("&amp;", "&");
    }
}
