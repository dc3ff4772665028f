package dev.heddle;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/// The hourglass of ARCHITECTURE.md, enforced.
final class ArchitectureTest {
    private static final String[] FACADES = {"dev.heddle.facade.."};
    private static final String[] FEATURES = {
        "dev.heddle.users..",
        "dev.heddle.identity..",
        "dev.heddle.events..",
        "dev.heddle.chat..",
        "dev.heddle.documents..",
        "dev.heddle.catalog..",
        "dev.heddle.orders..",
        "dev.heddle.files..",
        "dev.heddle.prices..",
        "dev.heddle.jobs..",
        "dev.heddle.webhooks..",
        "dev.heddle.emails..",
        "dev.heddle.exports..",
        "dev.heddle.dashboard..",
        "dev.heddle.reports..",
        "dev.heddle.posts..",
        "dev.heddle.search..",
        "dev.heddle.notifications..",
        "dev.heddle.activity..",
        "dev.heddle.diagnostics.."
    };

    private final JavaClasses classes =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location ->
                            !location.contains("/v1/") && !location.contains("/heddle/api/"))
                    .importPackages("dev.heddle");

    @Test
    void packagesFormNoCycle() {
        slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(classes);
    }

    @Test
    void facadesAndFeaturesNeverSeeEachOther() {
        noClasses()
                .that()
                .resideInAnyPackage(FACADES)
                .should()
                .dependOnClassesThat(handWritten(FEATURES))
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage(FEATURES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FACADES)
                .check(classes);
    }

    @Test
    void waistKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage("dev.heddle.rpc")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.heddle.http..",
                        "dev.heddle.facade..",
                        "dev.heddle.db..",
                        "dev.heddle.security..")
                .check(classes);
    }

    @Test
    void onlyCarriersAndMainKnowTheServer() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.heddle",
                        "dev.heddle.http.h1",
                        "dev.heddle.http.h2",
                        "dev.heddle.http.helidon",
                        "dev.heddle.facade.grpc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.helidon.webserver..")
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.heddle",
                        "dev.heddle.http.h1",
                        "dev.heddle.http.h2",
                        "dev.heddle.http.helidon",
                        "dev.heddle.facade.grpc..",
                        "dev.heddle.source",
                        "dev.heddle.webhooks")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.helidon.webclient..", "io.helidon.http..")
                .check(classes);
    }

    @Test
    void onlyStoresAndTheDatabaseKnowSql() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.heddle.db..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer..")
                .check(classes);
    }

    @Test
    void storesAreHiddenInTheirFeatures() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Store")
                .should()
                .bePackagePrivate()
                .check(classes);
    }

    private static DescribedPredicate<JavaClass> handWritten(String... packages) {
        return JavaClass.Predicates.resideInAnyPackage(packages)
                .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage("..v1..")));
    }

    /// A slice a package.
    private static final class ByPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            return javaClass.getPackageName().startsWith("dev.heddle")
                    ? SliceIdentifier.of(javaClass.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of Heddle";
        }
    }
}
