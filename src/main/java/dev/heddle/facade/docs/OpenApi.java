package dev.heddle.facade.docs;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.heddle.facade.route.Route;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.rpc.Policy;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Describes routes as OpenAPI 3.1.
///
/// What 3.1 can't say stands beside it: a method of HTTP that it has no place for is in
/// `x-additionalOperations` of its path, as it will be in 3.2; of two rules whose paths differ in
/// nothing but the kind of their wildcards, the first is in.
final class OpenApi {
    private static final String BEARER = "bearer";
    private static final List<HttpMethod> ANY_METHOD =
            List.of(
                    HttpMethod.GET,
                    HttpMethod.PUT,
                    HttpMethod.POST,
                    HttpMethod.DELETE,
                    HttpMethod.PATCH);

    private final Comments comments;
    private final Schemas schemas;
    private final Parameters parameters;
    private final Bodies bodies;
    private final Map<ServiceDescriptor, String> serviceNames;

    /// The paths of the document, by their shape.
    private final Map<String, PathText> shapes = new HashMap<>();

    private final Paths paths = new Paths();
    private final Map<MethodDescriptor, Integer> operationCounts = new HashMap<>();

    private OpenApi(RouteTable routes, Comments comments) {
        this.comments = comments;
        this.schemas = new Schemas(comments);
        this.parameters = new Parameters(schemas);
        this.bodies = new Bodies(schemas);
        this.serviceNames = serviceNames(routes);
        routes.routes().forEach(this::add);
    }

    static OpenAPI of(RouteTable routes, Comments comments, Info info) {
        return new OpenApi(routes, comments).document(info);
    }

    private OpenAPI document(Info info) {
        return new OpenAPI(SpecVersion.V31)
                .openapi("3.1.1")
                .info(info)
                .servers(List.of(new Server().url("/")))
                .tags(tags())
                .paths(paths)
                .components(components());
    }

    /// The last part of each service's name, or all of it where several have the same.
    private static Map<ServiceDescriptor, String> serviceNames(RouteTable routes) {
        var services =
                routes.routes().stream()
                        .map(route -> method(route).getService())
                        .distinct()
                        .toList();
        var counts =
                services.stream()
                        .collect(
                                Collectors.groupingBy(
                                        ServiceDescriptor::getName, Collectors.counting()));
        return services.stream()
                .collect(
                        Collectors.toMap(
                                Function.identity(),
                                service ->
                                        counts.getOrDefault(service.getName(), 0L) == 1
                                                ? service.getName()
                                                : service.getFullName(),
                                (first, _) -> first,
                                LinkedHashMap::new));
    }

    private List<Tag> tags() {
        return serviceNames.entrySet().stream()
                .map(service -> {
                    var comment = comments.of(service.getKey());
                    return new Tag()
                            .name(service.getValue())
                            .description(
                                    comment.isEmpty() ? service.getKey().getFullName() : comment);
                })
                .toList();
    }

    private Components components() {
        var components =
                new Components()
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme(BEARER)
                                        .description(
                                                "A token; operations that want it to hold a scope say so."));
        Stream.of(Failure.values())
                .forEach(failure ->
                        components.addResponses(
                                failure.component,
                                new ApiResponse()
                                        .description(failure.description)
                                        .content(bodies.status())));
        schemas.components().forEach(components::addSchemas);
        return components;
    }

    private void add(Route route) {
        var path = PathText.of(route);
        var shared = shapes.computeIfAbsent(path.shape(), _ -> path);
        var item = paths.computeIfAbsent(shared.text(), _ -> new PathItem());
        for (var method : methods(route, item)) {
            item.operation(method, operation(route, path, shared));
        }
        if (isBeyond(route)) {
            addBeyond(item, route.httpMethod(), operation(route, path, shared));
        }
    }

    /// The methods under which a route goes into the document.
    private static List<HttpMethod> methods(Route route, PathItem item) {
        var wanted =
                route.httpMethod().equals(Route.ANY_METHOD)
                        ? ANY_METHOD
                        : known(route.httpMethod()).stream().toList();
        return wanted.stream()
                .filter(method -> !item.readOperationsMap().containsKey(method))
                .toList();
    }

    private static boolean isBeyond(Route route) {
        return !route.httpMethod().equals(Route.ANY_METHOD) && known(route.httpMethod()).isEmpty();
    }

    private static Optional<HttpMethod> known(String method) {
        return Stream.of(HttpMethod.values())
                .filter(known -> known.name().equals(method))
                .findFirst();
    }

    private static void addBeyond(PathItem item, String method, Operation operation) {
        var beyond = new LinkedHashMap<String, Object>();
        var extensions = item.getExtensions();
        if (extensions != null
                && extensions.get("x-additionalOperations") instanceof Map<?, ?> before) {
            before.forEach((name, value) -> beyond.put((String) name, value));
        }
        beyond.put(method, operation);
        item.addExtension("x-additionalOperations", beyond);
    }

    private Operation operation(Route route, PathText path, PathText shared) {
        var method = method(route);
        var policy = route.rpc().contract().policy();
        var comment = comments.of(method);
        var text = comment.isEmpty() ? method.getFullName() : comment;
        var operation =
                new Operation()
                        .operationId(operationId(method))
                        .summary(Comments.summary(text))
                        .description(text + scope(policy))
                        .tags(List.of(name(method.getService())))
                        .responses(responses(route, policy))
                        .security(security(policy));
        parameters.of(route, path, shared).forEach(operation::addParametersItem);
        bodies.request(route).ifPresent(operation::setRequestBody);
        if (method.getOptions().getDeprecated()) {
            operation.setDeprecated(true);
        }
        return operation;
    }

    private String name(ServiceDescriptor service) {
        return serviceNames.getOrDefault(service, service.getFullName());
    }

    /// `UserService_GetUser`; further rules of the method have a number behind it.
    private String operationId(MethodDescriptor method) {
        var id = name(method.getService()).replace('.', '_') + "_" + method.getName();
        int count = operationCounts.merge(method, 1, Integer::sum);
        return count == 1 ? id : id + "_" + count;
    }

    private ApiResponses responses(Route route, Policy policy) {
        var responses = new ApiResponses();
        responses.addApiResponse(
                "200",
                new ApiResponse()
                        .description(
                                route.rpc().streamsResponses()
                                        ? "The messages of the stream."
                                        : "The response.")
                        .content(bodies.response(route)));
        if (route.download().isPresent()) {
            responses.addApiResponse(
                    "206",
                    new ApiResponse()
                            .description("The part of the content that `Range` names.")
                            .content(bodies.response(route)));
            responses.addApiResponse(
                    "304", new ApiResponse().description("`If-None-Match` names the content."));
        }
        var failures = new ArrayList<>(List.of(Failure.INVALID));
        if (!policy.isPublic()) {
            failures.add(Failure.UNAUTHENTICATED);
            if (!policy.scope().isEmpty()) {
                failures.add(Failure.FORBIDDEN);
            }
        }
        failures.add(Failure.OTHER);
        failures.forEach(failure ->
                responses.addApiResponse(
                        failure.status,
                        new ApiResponse().$ref("#/components/responses/" + failure.component)));
        return responses;
    }

    private static List<SecurityRequirement> security(Policy policy) {
        if (policy.isPublic()) {
            return List.of();
        }
        return List.of(new SecurityRequirement().addList(BEARER));
    }

    /// In words: as the roles of a requirement, which 3.1 allows, linters take it for an error.
    private static String scope(Policy policy) {
        return policy.isPublic() || policy.scope().isEmpty()
                ? ""
                : "\n\nScope: `%s`.".formatted(policy.scope());
    }

    private static MethodDescriptor method(Route route) {
        return route.rpc().contract().descriptor();
    }

    /// What can go wrong with any operation.
    private enum Failure {
        INVALID("400", "Invalid", "The request breaks a rule; the details say which fields do."),
        UNAUTHENTICATED("401", "Unauthenticated", "There is no token, or none that is valid."),
        FORBIDDEN("403", "Forbidden", "The token lacks the scope."),
        OTHER("default", "Failure", "The call failed; the code says how.");

        private final String status;
        private final String component;
        private final String description;

        Failure(String status, String component, String description) {
            this.status = status;
            this.component = component;
            this.description = description;
        }
    }
}
