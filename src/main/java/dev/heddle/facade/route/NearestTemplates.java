package dev.heddle.facade.route;

import dev.heddle.facade.route.PathTemplate.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;

/// Finds the templates that a path without a route may have been meant for. Comparing whole
/// segments, which is cheap, chooses the few whose letters are compared.
final class NearestTemplates {
    private static final int COMPARED = 8;
    private static final Pattern SLASH = Pattern.compile("/");

    private NearestTemplates() {}

    static List<String> to(String rawPath, List<Route> routes) {
        var path = List.of(SLASH.split(rawPath.startsWith("/") ? rawPath.substring(1) : rawPath));
        var byExample = new LinkedHashMap<String, String>();
        routes.stream()
                .map(route -> new Scored(route.template(), differences(path, route.template())))
                .sorted(Comparator.comparingInt(Scored::differences))
                .limit(COMPARED)
                .map(Scored::template)
                .forEach(template ->
                        byExample.putIfAbsent(example(path, template), template.text()));
        return Nearest.to(rawPath, byExample.keySet()).stream().map(byExample::get).toList();
    }

    private record Scored(PathTemplate template, int differences) {}

    private static int differences(List<String> path, PathTemplate template) {
        var segments = template.segments();
        int common = Math.min(path.size(), segments.size());
        int differences = Math.max(path.size(), segments.size()) - common;
        for (int i = 0; i < common; i++) {
            if (segments.get(i) instanceof Segment.Literal(var text) && !text.equals(path.get(i))) {
                differences++;
            }
        }
        return differences;
    }

    /// The template with its wildcards filled from the path, so that they make no difference.
    private static String example(List<String> path, PathTemplate template) {
        var example = new ArrayList<String>();
        for (var segment : template.segments()) {
            int at = example.size();
            var given = at < path.size() ? path.get(at) : "";
            example.add(segment instanceof Segment.Literal(var text) ? text : given);
        }
        var verb = template.verb();
        return "/"
                + String.join("/", example)
                + (verb.isEmpty() || example.getLast().endsWith(":" + verb) ? "" : ":" + verb);
    }
}
