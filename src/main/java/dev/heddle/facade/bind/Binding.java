package dev.heddle.facade.bind;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.heddle.facade.route.FieldPath;
import dev.heddle.facade.route.Route;
import dev.heddle.facade.route.Route.BodyMapping;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What path, query and headers of a request say; makes its message, or its messages. Safe for use
/// by many threads.
public final class Binding {
    private static final String UPDATE_MASK = "update_mask";

    private final Route route;
    private final Message line;
    private final List<Assignment> path;
    private final List<Assignment> headers;
    private final Map<String, String> systemParameters;

    Binding(
            Route route,
            Message line,
            List<Assignment> path,
            List<Assignment> headers,
            Map<String, String> systemParameters) {
        this.route = route;
        this.line = line;
        this.path = path;
        this.headers = headers;
        this.systemParameters = systemParameters;
    }

    /// The request of a route without a body.
    public Message request() {
        var request = line.toBuilder();
        headers.forEach(assignment -> assignment.applyTo(request));
        return request.build();
    }

    /// The request with a body, which is not read where the route has none. A streaming method
    /// calls it once for each message of the body: path and query are the same in all.
    ///
    /// Where path and body both set a field, the path counts.
    public Message request(RequestBody body) throws IOException {
        var request = line.newBuilderForType();
        switch (route.body()) {
            case BodyMapping.None _ -> {}
            case BodyMapping.Whole _ -> body.mergeInto(request);
            case BodyMapping.Field(var field) -> {
                body.mergeInto(request, field);
                if (infersFieldMask()) {
                    setFieldMask(request, body.presentFields(field), field);
                }
            }
        }
        return over(request);
    }

    /// The request that came in no body, such as over a WebSocket, with what path and query say
    /// laid over it; whatever body the route has.
    public Message over(Message request) {
        return over(request.toBuilder());
    }

    private Message over(Message.Builder request) {
        request.mergeFrom(line);
        // merging passes over zeros, which a path can say as well
        path.forEach(assignment -> assignment.applyTo(request));
        headers.forEach(assignment -> assignment.applyTo(request));
        return request.build();
    }

    /// Whether [#request(RequestBody)] will ask for [RequestBody#presentFields]: for a PATCH whose
    /// body is one message of the request, where the request has an `update_mask` that the caller
    /// left out (AIP-134). The mask then names the fields that the body gives a value to, less
    /// those that the path sets: these say which resource is meant. It is there, and empty, for
    /// `{}`.
    public boolean infersFieldMask() {
        return route.httpMethod().equals("PATCH")
                && route.body() instanceof BodyMapping.Field(var field)
                && Fields.isPlainMessage(field)
                && fieldMask().filter(mask -> !line.hasField(mask)).isPresent();
    }

    /// The value of a system parameter, such as `$alt`; see [SystemParameters].
    public Optional<String> systemParameter(String name) {
        return Optional.ofNullable(systemParameters.get(name));
    }

    private Optional<FieldDescriptor> fieldMask() {
        return Optional.ofNullable(line.getDescriptorForType().findFieldByName(UPDATE_MASK))
                .filter(Binding::isFieldMask);
    }

    private static boolean isFieldMask(FieldDescriptor field) {
        return !field.isRepeated()
                && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && field.getMessageType()
                        .getFullName()
                        .equals(FieldMask.getDescriptor().getFullName());
    }

    private void setFieldMask(Message.Builder request, FieldMask present, FieldDescriptor body) {
        var inPath =
                route.variables().stream()
                        .filter(variable -> variable.fields().getFirst().equals(body))
                        .map(variable -> variable.fields().subList(1, variable.fields().size()))
                        .map(fields -> new FieldPath(fields).toString())
                        .collect(Collectors.toSet());
        var field = fieldMask().orElseThrow();
        var mask = request.newBuilderForField(field);
        var paths = mask.getDescriptorForType().findFieldByNumber(FieldMask.PATHS_FIELD_NUMBER);
        present.getPathsList().stream()
                .filter(name -> !inPath.contains(name))
                .forEach(name -> mask.addRepeatedField(paths, name));
        request.setField(field, mask.build());
    }
}
