package dev.heddle.facade.route;

import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.heddle.facade.route.PathTemplate.Variable;
import dev.heddle.facade.route.Route.BodyMapping;
import dev.heddle.rpc.Rpc;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Turns the rules of one method into routes, and refuses what can't be served as it is written.
final class RouteCompiler {
    private static final Set<String> BODILESS = Set.of("GET", "HEAD");

    private final Rpc<?, ?> rpc;
    private final Descriptor request;
    private final Descriptor response;
    private final PolicyFields options;

    private RouteCompiler(Rpc<?, ?> rpc) {
        this.rpc = rpc;
        this.request = rpc.contract().request().getDescriptorForType();
        this.response = rpc.contract().response().getDescriptorForType();
        this.options = new PolicyFields(rpc.contract().policy(), request, response);
    }

    /// The routes of a method, its rule's before those of its additional bindings.
    ///
    /// @throws IllegalArgumentException naming the method, if a rule is wrong
    static List<Route> compile(Rpc<?, ?> rpc) {
        try {
            var compiler = new RouteCompiler(rpc);
            return rpc.contract().httpRule().stream().flatMap(compiler::routes).toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "http rule of %s: %s".formatted(rpc.contract().name(), e.getMessage()), e);
        }
    }

    private Stream<Route> routes(HttpRule rule) {
        return Stream.concat(
                Stream.of(route(rule)),
                rule.getAdditionalBindingsList().stream()
                        .map(binding -> {
                            check(
                                    binding.getAdditionalBindingsCount() == 0,
                                    "additional_bindings within additional_bindings (expected: one level)");
                            return route(binding);
                        }));
    }

    private Route route(HttpRule rule) {
        var template = PathTemplateParser.parse(path(rule));
        var variables = template.variables().stream().map(this::variable).toList();
        var body = body(rule, variables);
        checkSetOnce(variables, body);
        return new Route(
                rpc,
                httpMethod(rule),
                template,
                variables,
                body,
                responseBody(rule),
                options.headerFields(),
                options.upload(),
                options.download());
    }

    private static String path(HttpRule rule) {
        return switch (rule.getPatternCase()) {
            case GET -> rule.getGet();
            case PUT -> rule.getPut();
            case POST -> rule.getPost();
            case DELETE -> rule.getDelete();
            case PATCH -> rule.getPatch();
            case CUSTOM -> rule.getCustom().getPath();
            case PATTERN_NOT_SET ->
                    throw new IllegalArgumentException(
                            "no pattern (expected: get, put, post, delete, patch or custom)");
        };
    }

    private static String httpMethod(HttpRule rule) {
        if (!rule.hasCustom()) {
            return rule.getPatternCase().name();
        }
        var kind = rule.getCustom().getKind();
        check(
                kind.equals(Route.ANY_METHOD) || kind.matches("[A-Za-z][A-Za-z0-9_-]*"),
                "custom kind: \"%s\" (expected: an HTTP method, or * for any)".formatted(kind));
        return kind.toUpperCase(Locale.ROOT);
    }

    private FieldPath variable(Variable variable) {
        try {
            return FieldPath.toScalar(request, variable.fieldPath());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "variable {%s}: %s".formatted(variable.fieldPath(), e.getMessage()), e);
        }
    }

    private BodyMapping body(HttpRule rule, List<FieldPath> variables) {
        if (rule.getBody().isEmpty()) {
            return new BodyMapping.None();
        }
        check(
                !BODILESS.contains(httpMethod(rule)),
                "body: \"%s\" with %s (expected: none, RFC 9110 gives it no meaning)"
                        .formatted(rule.getBody(), httpMethod(rule)));
        if (rule.getBody().equals("*")) {
            return new BodyMapping.Whole();
        }
        var field = topLevel("body", request, rule.getBody());
        check(
                variables.stream().noneMatch(variable -> variable.fields().equals(List.of(field))),
                "body: \"%s\" is in the path too (expected: in one of them)"
                        .formatted(rule.getBody()));
        return new BodyMapping.Field(field);
    }

    private Optional<FieldDescriptor> responseBody(HttpRule rule) {
        return rule.getResponseBody().isEmpty()
                ? Optional.empty()
                : Optional.of(topLevel("response_body", response, rule.getResponseBody()));
    }

    private static FieldDescriptor topLevel(String option, Descriptor message, String name) {
        try {
            return FieldPath.field(message, name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(option, e.getMessage()), e);
        }
    }

    /// Refuses a rule by which every request would set a field, or a oneof, more than once.
    private static void checkSetOnce(List<FieldPath> variables, BodyMapping body) {
        var oneofs = new Oneofs();
        if (body instanceof BodyMapping.Field(var field)) {
            checkOneof(oneofs, new FieldPath(List.of(field)));
        }
        var names = new HashSet<String>();
        for (var variable : variables) {
            check(
                    names.add(variable.toString()),
                    "variable {%s}: twice in a template (expected: once)".formatted(variable));
            checkOneof(oneofs, variable);
        }
    }

    private static void checkOneof(Oneofs oneofs, FieldPath field) {
        oneofs.set(field)
                .ifPresent(oneof -> {
                    throw new IllegalArgumentException(
                            "oneof %s: two members in path and body (expected: one)"
                                    .formatted(oneof));
                });
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
