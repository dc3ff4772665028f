package dev.heddle;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// What can be wrong with the libraries that a program runs with.
final class SupplyChain {
    private static final Pattern CHOICE = Pattern.compile("\\(?[^() ]+(?: OR [^() ]+)*\\)?");

    private SupplyChain() {}

    /// The classes that more than one jar has, each with those jars.
    static Map<String, Set<String>> duplicateClasses(List<Path> jars) {
        var holders = new TreeMap<String, Set<String>>();
        for (var jar : jars) {
            for (var name : classes(jar)) {
                holders.computeIfAbsent(name, _ -> new TreeSet<>())
                        .add(String.valueOf(jar.getFileName()));
            }
        }
        holders.values().removeIf(of -> of.size() < 2);
        return holders;
    }

    private static List<String> classes(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                    .filter(name -> !name.endsWith("module-info.class"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The components of a bill of materials none of whose licences is allowed, each with them.
    static Map<String, List<String>> unexpectedLicences(JsonNode bill, Set<String> allowed) {
        var unexpected = new TreeMap<String, List<String>>();
        for (var component : bill.path("components")) {
            var licences = new ArrayList<String>();
            component.path("licenses").forEach(choice -> licences.addAll(names(choice)));
            if (licences.stream().noneMatch(allowed::contains)) {
                unexpected.put(component.path("purl").asText(), licences);
            }
        }
        return unexpected;
    }

    private static List<String> names(JsonNode choice) {
        var expression = choice.path("expression").asText();
        if (!expression.isEmpty()) {
            // Only of those with OR between them one is enough; what else there is counts as a whole.
            return CHOICE.matcher(expression).matches()
                    ? Pattern.compile("[() ]+(?:OR +)?")
                            .splitAsStream(expression)
                            .filter(name -> !name.isEmpty())
                            .toList()
                    : List.of(expression);
        }
        var licence = choice.path("license");
        return List.of(licence.path("id").asText(licence.path("name").asText()));
    }

    /// The file names of the jars in a bill of materials.
    static Set<String> fileNames(JsonNode bill) {
        return StreamSupport.stream(bill.path("components").spliterator(), false)
                .map(component ->
                        "%s-%s.jar"
                                .formatted(
                                        component.path("name").asText(),
                                        component.path("version").asText()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
