package dev.heddle.facade.bind;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import dev.heddle.facade.bind.Query.Parameter;
import dev.heddle.facade.route.FieldPath;
import dev.heddle.facade.route.Oneofs;
import dev.heddle.facade.route.Route;
import dev.heddle.facade.route.Route.BodyMapping;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Sets the fields of one request from its query parameters. Each field has one place in a request:
/// what path or body set, the query can't.
final class ParameterBinder {
    private final Route route;
    private final Message.Builder request;
    private final Oneofs oneofs = new Oneofs();
    private final Set<String> given = new HashSet<>();
    private final Map<String, String> systemParameters = new HashMap<>();

    ParameterBinder(Route route, Message.Builder request) {
        this.route = route;
        this.request = request;
        route.variables().forEach(oneofs::set);
        if (route.body() instanceof BodyMapping.Field(var field)) {
            oneofs.set(new FieldPath(List.of(field)));
        }
    }

    void bind(Parameter parameter) throws InvalidParameterException {
        if (SystemParameters.ALL.contains(parameter.name())) {
            if (systemParameters.put(parameter.name(), parameter.value()) != null) {
                throw repeated(parameter.name());
            }
            return;
        }
        try {
            bind(
                    Target.resolve(
                            request.getDescriptorForType(),
                            parameter.name(),
                            field -> place(field).isEmpty()),
                    parameter.value());
        } catch (InvalidParameterException e) {
            if (!e.isUnknown() || !route.rpc().contract().policy().ignoresUnknownParameters()) {
                throw e;
            }
        }
    }

    Map<String, String> systemParameters() {
        return Map.copyOf(systemParameters);
    }

    private void bind(Target target, String text) throws InvalidParameterException {
        var field = target.field();
        var name = field.toString();
        var place = place(field);
        if (place.isPresent()) {
            throw new InvalidParameterException(
                    name, "WRONG_PLACE", "in the query (expected: in %s)".formatted(place.get()));
        }
        if (target.key().isPresent()) {
            put(field, target.key().get(), text);
        } else if (field.leaf().isRepeated()) {
            add(field, text);
        } else {
            set(field, text);
        }
    }

    private void set(FieldPath field, String text) throws InvalidParameterException {
        var name = field.toString();
        if (!given.add(name)) {
            throw repeated(name);
        }
        claim(field);
        var parent = Assignment.parent(request, field);
        parent.setField(field.leaf(), value(parent, field.leaf(), name, text));
    }

    private void add(FieldPath field, String text) throws InvalidParameterException {
        var name = field.toString();
        if (field.leaf().isMapField()) {
            throw InvalidParameterException.value(
                    name, text, "a key, as in %s[key]=…".formatted(name));
        }
        claim(field);
        given.add(name);
        var parent = Assignment.parent(request, field);
        parent.addRepeatedField(field.leaf(), value(parent, field.leaf(), name, text));
    }

    private void put(FieldPath field, String key, String text) throws InvalidParameterException {
        claim(field);
        var parent = Assignment.parent(request, field);
        var entry = parent.newBuilderForField(field.leaf());
        var keyField = entry.getDescriptorForType().findFieldByNumber(1);
        var valueField = entry.getDescriptorForType().findFieldByNumber(2);
        var parsedKey = Scalars.parse(keyField, field.toString(), key);
        var name = "%s[%s]".formatted(field, parsedKey);
        if (!given.add(name)) {
            throw repeated(name);
        }
        entry.setField(keyField, parsedKey);
        entry.setField(valueField, value(entry, valueField, name, text));
        parent.addRepeatedField(field.leaf(), entry.build());
    }

    private static Object value(
            Message.Builder parent, FieldDescriptor field, String name, String text)
            throws InvalidParameterException {
        if (field.getJavaType() != JavaType.MESSAGE) {
            return Scalars.parse(field, name, text);
        }
        if (!WellKnownTypes.isText(field.getMessageType())) {
            throw noText(field, name, text);
        }
        var message = parent.newBuilderForField(field);
        WellKnownTypes.parse(message, name, text);
        return message.build();
    }

    private static InvalidParameterException noText(
            FieldDescriptor field, String name, String text) {
        boolean isInMap = field.getContainingType().getOptions().getMapEntry();
        return Fields.isPlainMessage(field) && !isInMap
                ? InvalidParameterException.value(
                        name,
                        text,
                        "the message's fields one by one, as in %s.field=…".formatted(name))
                : new InvalidParameterException(
                        name,
                        "WRONG_PLACE",
                        "a %s in the query (expected: in a body)"
                                .formatted(field.getMessageType().getFullName()));
    }

    private void claim(FieldPath field) throws InvalidParameterException {
        var oneof = oneofs.set(field);
        if (oneof.isPresent()) {
            throw new InvalidParameterException(
                    field.toString(),
                    "ONEOF_SET_TWICE",
                    "oneof %s has another member already (expected: at most one)"
                            .formatted(oneof.get()));
        }
    }

    private static InvalidParameterException repeated(String name) {
        return new InvalidParameterException(
                name, "REPEATED_PARAMETER", "given more than once (expected: at most once)");
    }

    /// The part of the request that a field belongs to, empty where it is the query.
    private Optional<String> place(FieldPath field) {
        if (route.variables().contains(field)) {
            return Optional.of("the path " + route.template());
        }
        return switch (route.body()) {
            case BodyMapping.None _ -> Optional.empty();
            case BodyMapping.Whole _ -> Optional.of("the body, which is the whole request");
            case BodyMapping.Field(var body) ->
                    field.fields().getFirst().equals(body)
                            ? Optional.of("the body, which is the field " + body.getName())
                            : Optional.empty();
        };
    }
}
