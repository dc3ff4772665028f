package dev.heddle.facade.bind;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import dev.heddle.facade.route.FieldPath;
import dev.heddle.facade.route.Route;
import dev.heddle.facade.route.Route.BodyMapping;
import java.util.ArrayList;
import java.util.List;

/// The fields that the query of a request can set, for those who describe it: all that
/// [RequestBinder] takes, but a message within itself only once.
public final class QueryParameters {
    private final Route route;
    private final List<FieldPath> found = new ArrayList<>();

    private QueryParameters(Route route) {
        this.route = route;
    }

    /// The fields, in the order of their declaration: scalars, messages that are one value as text,
    /// lists of these, and maps with such values.
    public static List<FieldPath> of(Route route) {
        var parameters = new QueryParameters(route);
        if (!(route.body() instanceof BodyMapping.Whole)) {
            parameters.collect(
                    route.rpc().contract().descriptor().getInputType(), List.of(), List.of());
        }
        return List.copyOf(parameters.found);
    }

    private void collect(Descriptor type, List<FieldDescriptor> parents, List<Descriptor> within) {
        if (within.contains(type) || parents.size() == Target.MAX_DEPTH) {
            return;
        }
        for (var field : type.getFields()) {
            var path = new FieldPath(append(parents, field));
            if (isElsewhere(path)) {
                continue;
            }
            if (isText(field)) {
                found.add(path);
            } else if (Fields.isPlainMessage(field)) {
                collect(field.getMessageType(), path.fields(), append(within, type));
            }
        }
    }

    private boolean isElsewhere(FieldPath path) {
        return route.variables().contains(path)
                || (route.body() instanceof BodyMapping.Field(var body)
                        && path.fields().getFirst().equals(body));
    }

    private static boolean isText(FieldDescriptor field) {
        var value = field.isMapField() ? field.getMessageType().findFieldByName("value") : field;
        return value.getJavaType() != JavaType.MESSAGE
                || WellKnownTypes.isText(value.getMessageType());
    }

    private static <T> List<T> append(List<T> list, T last) {
        var longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
