package dev.heddle.facade.bind;

import static dev.heddle.facade.bind.InvalidParameterException.quote;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.heddle.facade.route.FieldPath;
import dev.heddle.facade.route.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What the name of a query parameter means: a path of fields, by their names in the `.proto` or in
/// JSON. A key of a map is written `labels[key]`, which takes any key, or `labels.key`, which reads
/// like a field; in both, the key is all that is left of the name.
///
/// @param field the field
/// @param key the key, where the field is a map
record Target(FieldPath field, Optional<String> key) {
    static final int MAX_DEPTH = 32;

    /// @param isOpen whether a field may be set by the query, for what the violation suggests
    static Target resolve(Descriptor request, String name, Predicate<FieldPath> isOpen)
            throws InvalidParameterException {
        var fields = new ArrayList<FieldDescriptor>();
        var type = request;
        for (int from = 0; ; ) {
            int to = endOfName(name, from);
            var field = find(type, name, from, to, fields, isOpen);
            fields.add(field);
            if (to == name.length()) {
                return new Target(new FieldPath(fields), Optional.empty());
            }
            if (field.isMapField()) {
                return new Target(new FieldPath(fields), Optional.of(key(name, to)));
            }
            type = inner(field, name, to);
            if (fields.size() == MAX_DEPTH) {
                throw new InvalidParameterException(
                        name,
                        "TOO_DEEP",
                        "deeper than %d fields (expected: at most that)".formatted(MAX_DEPTH));
            }
            from = to + 1;
        }
    }

    private static int endOfName(String name, int from) {
        int at = from;
        while (at < name.length() && name.charAt(at) != '.' && name.charAt(at) != '[') {
            at++;
        }
        return at;
    }

    private static FieldDescriptor find(
            Descriptor type,
            String name,
            int from,
            int to,
            List<FieldDescriptor> parents,
            Predicate<FieldPath> isOpen)
            throws InvalidParameterException {
        var field = Fields.find(type, name.substring(from, to));
        if (field.isPresent()) {
            return field.get();
        }
        var names =
                type.getFields().stream()
                        .filter(candidate -> isOpen.test(path(parents, candidate)))
                        .map(FieldDescriptor::getName)
                        .toList();
        var prefix = name.substring(0, from);
        var nearest =
                Nearest.to(name.substring(from, to), names).stream().map(prefix::concat).toList();
        var expected = names.isEmpty() ? "none" : "a field of " + type.getFullName();
        var suggestion = nearest.isEmpty() ? "" : "; nearest: " + String.join(", ", nearest);
        throw InvalidParameterException.unknown(
                name,
                "unknown parameter %s (expected: %s%s)"
                        .formatted(quote(name), expected, suggestion),
                nearest);
    }

    private static FieldPath path(List<FieldDescriptor> parents, FieldDescriptor field) {
        var fields = new ArrayList<>(parents);
        fields.add(field);
        return new FieldPath(fields);
    }

    private static String key(String name, int to) throws InvalidParameterException {
        if (name.charAt(to) == '.') {
            return name.substring(to + 1);
        }
        if (!name.endsWith("]")) {
            throw InvalidParameterException.unknown(
                    name,
                    "unknown parameter %s (expected: a key in brackets, as in labels[key])"
                            .formatted(quote(name)));
        }
        return name.substring(to + 1, name.length() - 1);
    }

    /// The type of the message that a name goes on into.
    private static Descriptor inner(FieldDescriptor field, String name, int to)
            throws InvalidParameterException {
        if (name.charAt(to) == '.' && Fields.isPlainMessage(field)) {
            return field.getMessageType();
        }
        var known = name.substring(0, to);
        var expected =
                field.isRepeated()
                        ? "%1$s=…&%1$s=… for its elements".formatted(known)
                        : known + "=…";
        throw InvalidParameterException.unknown(
                name, "unknown parameter %s (expected: %s)".formatted(quote(name), expected));
    }
}
