package dev.heddle.facade.docs;

import dev.heddle.facade.route.FieldPath;
import dev.heddle.facade.route.PathTemplate;
import dev.heddle.facade.route.PathTemplate.Segment;
import dev.heddle.facade.route.PathTemplate.Variable;
import dev.heddle.facade.route.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The path of a route as OpenAPI writes it: each wildcard is a parameter with a name.
///
/// A variable of several segments, such as `{name=shelves/*/books/*}`, becomes a parameter for each
/// of its wildcards, named `name_1`, `name_2`, since a value in OpenAPI holds no slash; `**`, which
/// does, is one parameter nevertheless, and its description says so.
///
/// @param text such as `/v1/users/{id}`
/// @param parameters from left to right
record PathText(String text, List<Parameter> parameters) {
    /// @param field the field whose value the parameter is, or is a part of
    /// @param isWhole whether it is all of that value
    /// @param isOpenEnded whether it may hold slashes
    record Parameter(
            String name, Optional<FieldPath> field, boolean isWhole, boolean isOpenEnded) {}

    static PathText of(Route route) {
        var template = route.template();
        var text = new StringBuilder();
        var parameters = new ArrayList<Parameter>();
        for (int i = 0; i < template.segments().size(); i++) {
            text.append('/');
            if (template.segments().get(i) instanceof Segment.Literal(var literal)) {
                text.append(literal);
            } else {
                parameters.add(parameter(route, i));
                text.append('{').append(parameters.getLast().name).append('}');
            }
        }
        var verb = template.verb().isEmpty() ? "" : ":" + template.verb();
        return new PathText(text.isEmpty() ? "/" + verb : text + verb, List.copyOf(parameters));
    }

    /// The path without the names of its parameters: OpenAPI tells paths apart by no more.
    String shape() {
        return text.replaceAll("\\{[^}]*}", "{}");
    }

    private static Parameter parameter(Route route, int at) {
        var template = route.template();
        boolean isOpenEnded = template.segments().get(at) instanceof Segment.Rest;
        for (int i = 0; i < template.variables().size(); i++) {
            var variable = template.variables().get(i);
            if (variable.from() <= at && at < variable.to()) {
                var field = route.variables().get(i);
                boolean isWhole = variable.to() - variable.from() == 1;
                var name =
                        isWhole
                                ? name(field)
                                : name(field) + "_" + (wildcards(template, variable, at) + 1);
                return new Parameter(name, Optional.of(field), isWhole, isOpenEnded);
            }
        }
        var unnamed = wildcards(template, new Variable("", 0, at, true), at) + 1;
        return new Parameter("wildcard_" + unnamed, Optional.empty(), false, isOpenEnded);
    }

    /// How many wildcards a variable has before a segment.
    private static long wildcards(PathTemplate template, Variable variable, int before) {
        return template.segments().subList(variable.from(), before).stream()
                .filter(segment -> !(segment instanceof Segment.Literal))
                .count();
    }

    /// With nothing but what linters know in names of paths.
    private static String name(FieldPath field) {
        return jsonName(field).replace('.', '_');
    }

    static String jsonName(FieldPath field) {
        return String.join(".", field.fields().stream().map(step -> step.getJsonName()).toList());
    }
}
