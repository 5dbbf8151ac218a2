package org.fapipack.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fapipack.testkit.http.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every page is said in every language, and every permission that is shipped in words. */
class PageTextsTest {

    private static final Path ROOT = Path.of(System.getProperty("project.root", "../.."));
    private static final Path THEME = ROOT.resolve("themes/fapi-pack/login");
    private static final Pattern LITERAL_KEY = Pattern.compile("\"(fapi[A-Za-z]+([.][a-z-]+)?)\"");

    @ParameterizedTest
    @ValueSource(strings = {"de", "pt_BR", "no", "ar"})
    void everyLanguageSaysTheSame(String language) {
        assertThat(messages(language).stringPropertyNames())
                .isEqualTo(messages("en").stringPropertyNames());
        messages(language)
                .forEach((key, said) -> assertThat(arguments((String) said))
                        .as("arguments of " + key)
                        .isEqualTo(arguments(messages("en").getProperty((String) key))));
    }

    /** Also sees that it has the form of a message. */
    private static List<Integer> arguments(String message) {
        assertThatCode(() -> new MessageFormat(message)).as(message).doesNotThrowAnyException();
        String said = new MessageFormat(message).format(new Object[] {"\ue000", "\ue001"});
        return Stream.of(0, 1).filter(i -> said.indexOf('\ue000' + i) >= 0).toList();
    }

    @Test
    void whatATemplateSaysIsThere() throws IOException {
        List<String> keys = new ArrayList<>();
        try (Stream<Path> templates = Files.list(THEME)) {
            for (Path template :
                    templates.filter(file -> file.toString().endsWith(".ftl")).toList()) {
                Matcher matcher = LITERAL_KEY.matcher(Files.readString(template));
                while (matcher.find()) {
                    keys.add(matcher.group(1));
                }
            }
        }
        assertThat(keys).isNotEmpty();
        assertThat(messages("en").stringPropertyNames()).containsAll(keys);
    }

    @Test
    void everyGroupAndPermissionThatIsShippedHasItsWords() throws IOException {
        List<String> keys = new ArrayList<>();
        try (Stream<Path> files = Files.list(ROOT.resolve("client-policies/consent-types"))) {
            for (Path file : files.toList()) {
                for (Map<String, Object> type : Json.objects(Files.readString(file))) {
                    String prefix = "fapiConsent." + type.get("name") + ".";
                    Json.object(type.get("permissions")).keySet().forEach(permission -> keys.add(prefix + permission));
                    Map<String, Object> page =
                            Json.object(Json.object(type.get("authorization")).get("page"));
                    Json.objects((List<?>) page.get("groups")).forEach(group -> keys.add(prefix + group.get("name")));
                }
            }
        }
        assertThat(keys).isNotEmpty();
        assertThat(messages("en").stringPropertyNames()).containsAll(keys);
    }

    private static Properties messages(String language) {
        Properties messages = new Properties();
        try (var file = Files.newBufferedReader(THEME.resolve("messages/messages_" + language + ".properties"))) {
            messages.load(file);
            return messages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
