package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Judges the libraries that Heddle runs with, by the bill of materials that its jar holds.
final class SupplyChainTest {
    private static final String BILL = "/META-INF/sbom/application.cdx.json";
    private static final Path LICENCES = Path.of("etc", "checks", "licences");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder = Path.of("");

    /// The build makes it; an editor that runs tests by itself may not have.
    private static JsonNode bill() throws IOException {
        try (var in = SupplyChainTest.class.getResourceAsStream(BILL)) {
            assumeTrue(in != null || System.getenv("CI") != null, "no bill: run mvn test");
            assertThat(in).as(BILL).isNotNull();
            return JSON.readTree(in);
        }
    }

    @Test
    void noClassOfTheRuntimeIsThereTwice() throws IOException {
        var names = SupplyChain.fileNames(bill());
        var jars =
                Pattern.compile(File.pathSeparator)
                        .splitAsStream(System.getProperty("java.class.path"))
                        .map(Path::of)
                        .filter(path -> names.contains(String.valueOf(path.getFileName())))
                        .toList();

        assertThat(jars).hasSizeGreaterThan(100);
        assertThat(SupplyChain.duplicateClasses(jars)).isEmpty();
    }

    @Test
    void everyLibraryComesUnderALicenceThatIsAllowed() throws IOException {
        assertThat(SupplyChain.unexpectedLicences(bill(), allowed()))
                .as("libraries under other licences than those in %s", LICENCES)
                .isEmpty();
    }

    @Test
    void billTellsNothingOfTheMachineThatMadeIt() throws IOException {
        var bill = bill();

        assertThat(bill.path("serialNumber").isMissingNode()).isTrue();
        assertThat(bill.toString())
                .doesNotContain(System.getProperty("user.home") + "/")
                .doesNotContain(Path.of("").toAbsolutePath().toString());
    }

    @Test
    void classThatIsThereTwiceIsFound() throws IOException {
        var one = jar("one", "a/A.class", "a/B.class", "module-info.class");
        var two = jar("two", "a/B.class", "META-INF/versions/9/a/A.class", "module-info.class");

        assertThat(SupplyChain.duplicateClasses(List.of(one, two)))
                .isEqualTo(Map.of("a/B.class", Set.of("one.jar", "two.jar")));
    }

    @Test
    void licenceThatIsNotAllowedIsFound() throws IOException {
        var bill =
                JSON.readTree(
                        """
                        {"components": [
                          {"purl": "a", "licenses": [{"license": {"id": "AGPL-3.0-only"}}]},
                          {"purl": "b", "licenses": [{"license": {"id": "AGPL-3.0-only"}}, {"license": {"name": "MIT"}}]},
                          {"purl": "c", "licenses": [{"expression": "(GPL-2.0 OR MIT)"}]},
                          {"purl": "d", "licenses": [{"expression": "MIT AND GPL-2.0"}]},
                          {"purl": "e"}
                        ]}
                        """);

        assertThat(SupplyChain.unexpectedLicences(bill, Set.of("MIT")).keySet())
                .containsExactly("a", "d", "e");
    }

    private static Set<String> allowed() throws IOException {
        return Files.readAllLines(LICENCES).stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .collect(Collectors.toUnmodifiableSet());
    }

    private Path jar(String name, String... entries) throws IOException {
        var file = folder.resolve(name + ".jar");
        try (var jar = new JarOutputStream(Files.newOutputStream(file))) {
            for (var entry : entries) {
                jar.putNextEntry(new JarEntry(entry));
            }
        }
        return file;
    }
}
