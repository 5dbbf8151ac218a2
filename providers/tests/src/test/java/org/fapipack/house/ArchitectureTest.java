package org.fapipack.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fapipack.executor.Setting;
import org.junit.jupiter.api.Test;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;

/** The borders of the house. Each rule says why it is there and what to do instead. */
@AnalyzeClasses(
        packages = "org.fapipack",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.ShippedClasses.class})
class ArchitectureTest {

    /** The testkit and the demo play the other parties and do not ship; what is shaded is not ours. */
    static final class ShippedClasses implements ImportOption {
        @Override
        public boolean includes(com.tngtech.archunit.core.importer.Location location) {
            return !location.contains("/testkit/")
                    && !location.contains("/demo/")
                    && !location.contains("/org/fapipack/shaded/");
        }
    }

    private static final Set<String> MARKET_NAMES = Set.of(
            "brazil",
            "brasil",
            "britain",
            "british",
            "australia",
            "saudi",
            "norway",
            "norwegian",
            "obie",
            "helseid",
            "berlin");

    /** Where a name begins, so that an audience is no market. */
    private static final Pattern MARKET_IN_TEXT =
            Pattern.compile("(?i)(?<![a-z])(" + String.join("|", MARKET_NAMES) + "|open-?banking|uk(?![a-z]))[\\w-]*");

    private static final Path ROOT = Path.of(System.getProperty("project.root", "../.."));

    @ArchTest
    static final ArchRule CORE_IS_FREE_OF_KEYCLOAK = noClasses()
            .that()
            .resideInAPackage("org.fapipack.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.keycloak..", "jakarta..")
            .because(
                    "core holds rules that can be read and tested without a server; move what needs Keycloak to its capability");

    @ArchTest
    static final ArchRule HTTP_SIGNATURES_SERVE_ANY_JAVA_PROGRAM = noClasses()
            .that()
            .resideInAPackage("org.fapipack.httpsignatures..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.keycloak..", "jakarta..", "com.fasterxml..")
                    .or(resideInAPackage("org.fapipack..")
                            .and(DescribedPredicate.not(
                                    resideInAnyPackage("org.fapipack.httpsignatures..", "org.fapipack.shaded..")))))
            .because(
                    "clients and resource servers use this library without Keycloak; bind it to a server in the capability that needs it");

    @ArchTest
    static final ArchRule CORE_DOES_NOT_SEE_HTTP_SIGNATURES = noClasses()
            .that()
            .resideInAPackage("org.fapipack.core..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.fapipack.httpsignatures..")
            .because("core is what everything else stands on");

    @ArchTest
    static final ArchRule CAPABILITIES_DO_NOT_SEE_EACH_OTHER = slices().matching(
                    "org.fapipack.(par|jarm|requestobject|introspection|authorizationcode|clientauth|clientmetadata|senderconstraint|tokenlifetime|messagesignature|consent)..")
            .should()
            .notDependOnEachOther()
            .because("a capability can then be changed alone; what two of them need belongs to core or to executor");

    @ArchTest
    static final ArchRule ONLY_THE_PROTOCOL_PUTS_CAPABILITIES_TOGETHER = noClasses()
            .that(resideInAPackage("org.fapipack..")
                    .and(DescribedPredicate.not(resideInAPackage("org.fapipack.protocol"))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.fapipack.protocol")
            .because("modules point one way; the protocol override is the last of them");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES = slices().matching("org.fapipack.(**)")
            .should()
            .beFreeOfCycles()
            .because("a cycle is one package with two names");

    @ArchTest
    static final ArchRule PACKAGES_ARE_NAMED_BY_CAPABILITY = noClasses()
            .should()
            .resideInAnyPackage("..impl..", "..util..", "..utils..", "..common..", "..helper..", "org.keycloak..")
            .because("a package says what it is for, and org.keycloak is not ours");

    @ArchTest
    static final ArchRule PUBLIC_MEANS_NEEDED_ELSEWHERE = classes()
            .that(DescribedPredicate.describe(
                    "are public, top level, no factory, and not part of the library for others",
                    type -> type.getModifiers().contains(JavaModifier.PUBLIC)
                            && type.isTopLevelClass()
                            && !type.isAssignableTo(ProviderFactory.class)
                            && !type.isAssignableTo(Spi.class)
                            && !type.getPackageName().startsWith("org.fapipack.httpsignatures")
                            && !type.getSimpleName().equals("package-info")))
            .should(beUsedFromAnotherPackageOrByRest())
            .because("Keycloak needs factories and SPIs only; make everything else package-private");

    @ArchTest
    static final ArchRule TIME_COMES_FROM_THE_SERVER = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .because(
                    "the server's clock can be moved in tests and core gets its time as an argument; use org.keycloak.common.util.Time");

    @ArchTest
    static final ArchRule RANDOMNESS_IS_SECURE = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Random.class)
            .because("every random value here guards something; use Keycloak's SecretGenerator");

    @ArchTest
    static final ArchRule NOTHING_IS_KEPT_IN_STATIC_FIELDS = noFields()
            .that(DescribedPredicate.describe(
                    "are static and not final",
                    (JavaField field) -> field.getModifiers().contains(JavaModifier.STATIC)
                            && !field.getModifiers().contains(JavaModifier.FINAL)))
            .should(exist())
            .allowEmptyShould(true)
            .because("two nodes do not share it, and two realms do; use Keycloak's database or its single-use store");

    @ArchTest
    static final ArchRule NOTHING_IS_PRINTED = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("operators read the server's log; use org.jboss.logging.Logger");

    @ArchTest
    static final ArchRule MARKETS_ARE_DATA = noClasses()
            .that(DescribedPredicate.describe(
                    "name a market",
                    type -> MARKET_NAMES.stream()
                            .anyMatch(name ->
                                    type.getName().toLowerCase(Locale.ROOT).contains(name))))
            .should(exist())
            .allowEmptyShould(true)
            .because("an ecosystem is a profile, a policy and a template, never a Java name");

    /** Also of what does not ship, and of modules that are not built with the others. */
    @Test
    void noSourceNamesAMarket() throws IOException {
        List<String> named = new ArrayList<>();
        int read = 0;
        try (Stream<Path> files = Files.walk(ROOT.resolve("providers"))) {
            for (Path file : (Iterable<Path>) files.filter(ArchitectureTest::isMainSource)::iterator) {
                MARKET_IN_TEXT
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(found -> named.add(file.getFileName() + ": " + found.group()));
                read++;
            }
        }
        assertThat(named)
                .as("an ecosystem is data; benchmarks, too, use an invented one")
                .isEmpty();
        assertThat(read).as("there are sources").isGreaterThan(100);
    }

    private static boolean isMainSource(Path file) {
        return file.toString().endsWith(".java") && file.toString().contains("/src/main/java/");
    }

    @ArchTest
    static final ArchRule EVERY_DECLARED_SETTING_IS_READ = classes()
            .that()
            .haveSimpleNameEndingWith("ExecutorFactory")
            .and()
            .doNotHaveSimpleName("PackExecutorFactory")
            .should(haveAllSettingsReadByTheirExecutor())
            .because("a setting nobody reads is a promise nobody keeps; remove it or use it");

    private static ArchCondition<JavaClass> beUsedFromAnotherPackageOrByRest() {
        return new ArchCondition<>("be used from another package, or be an endpoint") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean used = type.getDirectDependenciesToSelf().stream()
                        .anyMatch(dependency ->
                                !dependency.getOriginClass().getPackageName().equals(type.getPackageName()));
                boolean endpoint = type.getSimpleName().endsWith("Endpoint")
                        || type.getSimpleName().endsWith("Service");
                if (!used && !endpoint) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is public for nobody"));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> haveAllSettingsReadByTheirExecutor() {
        return new ArchCondition<>("have all settings read outside the factory") {
            @Override
            public void check(JavaClass factory, ConditionEvents events) {
                for (JavaField field : factory.getFields()) {
                    boolean read = field.getAccessesToSelf().stream()
                            .anyMatch(
                                    access -> !access.getOriginOwner().getName().equals(factory.getName()));
                    if (field.getRawType().isEquivalentTo(Setting.class) && !read) {
                        events.add(SimpleConditionEvent.violated(
                                field, field.getFullName() + " is declared and never read"));
                    }
                }
            }
        };
    }

    private static <T> ArchCondition<T> exist() {
        return new ArchCondition<>("exist") {
            @Override
            public void check(T item, ConditionEvents events) {
                events.add(SimpleConditionEvent.satisfied(item, item + " exists"));
            }
        };
    }
}
