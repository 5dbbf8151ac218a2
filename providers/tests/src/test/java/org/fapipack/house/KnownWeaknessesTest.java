package org.fapipack.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.fapipack.fixture.Weakness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** {@code docs/known-weaknesses.md} promises tests; these are there, and no replay is kept from its readers. */
class KnownWeaknessesTest {

    private static final Path PAGE =
            Path.of(System.getProperty("project.root", "../..")).resolve("docs/known-weaknesses.md");

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:IT|Test)\\.\\w+)`");

    private static List<String> rows;
    private static Set<JavaMethod> tests;

    @BeforeAll
    static void read() throws IOException {
        rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("|"))
                .toList();
        tests = new ClassFileImporter()
                        .importUrl(KnownWeaknessesTest.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation())
                        .stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method ->
                                method.isAnnotatedWith(Test.class) || method.isAnnotatedWith(ParameterizedTest.class))
                        .collect(Collectors.toSet());
    }

    @Test
    void everyTestOnThePageExists() {
        Set<String> named = rows.stream()
                .flatMap(row -> TEST.matcher(row).results())
                .map(test -> test.group(1))
                .collect(Collectors.toSet());
        assertThat(named)
                .isNotEmpty()
                .isSubsetOf(tests.stream().map(KnownWeaknessesTest::name).toList());
    }

    @Test
    void everyReplayHasItsRowWithItsIds() {
        assertThat(tests)
                .filteredOn(test -> test.isAnnotatedWith(Weakness.class))
                .isNotEmpty()
                .allSatisfy(test -> assertThat(idsOnRowsOf(name(test)))
                        .as(name(test))
                        .contains(test.getAnnotationOfType(Weakness.class).value()));
    }

    private static List<String> idsOnRowsOf(String test) {
        Pattern id = Pattern.compile("CVE-\\d+-\\d+|GHSA(?:-\\w{4}){3}|keycloak#\\d+");
        return rows.stream()
                .filter(row -> row.contains("`" + test + "`"))
                .flatMap(row -> id.matcher(row).results())
                .map(MatchResult::group)
                .toList();
    }

    private static String name(JavaMethod test) {
        return test.getOwner().getSimpleName() + "." + test.getName();
    }
}
