package dev.heddle.facade.docs;

import build.buf.validate.ValidateProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.ArrayList;
import java.util.List;

/// The groups of fields of a message of which at most one can be set: its oneofs, and those that
/// protovalidate's rules declare.
///
/// @param groups the names in JSON
record Oneofs(List<Group> groups) {
    /// @param isRequired whether one must be set
    record Group(List<String> members, boolean isRequired) {}

    static Oneofs of(Descriptor type) {
        var groups = new ArrayList<Group>();
        for (var oneof : type.getRealOneofs()) {
            var members = oneof.getFields().stream().map(FieldDescriptor::getJsonName).toList();
            var isRequired = oneof.getOptions().getExtension(ValidateProto.oneof).getRequired();
            groups.add(new Group(members, isRequired));
        }
        for (var rule : type.getOptions().getExtension(ValidateProto.message).getOneofList()) {
            var members =
                    rule.getFieldsList().stream()
                            .map(type::findFieldByName)
                            .map(FieldDescriptor::getJsonName)
                            .toList();
            groups.add(new Group(members, rule.getRequired()));
        }
        return new Oneofs(List.copyOf(groups));
    }

    boolean areRequired() {
        return groups.stream().anyMatch(Group::isRequired);
    }

    /// Adds what an object must not have, which generators of code pass over, rather than a choice
    /// between objects, of which they make types that nobody has.
    ///
    /// @param mayLack whether the object may do without what is required
    void apply(JsonSchema schema, boolean mayLack) {
        var pairs = groups.stream().flatMap(group -> pairs(group.members).stream()).toList();
        if (pairs.size() == 1) {
            schema.setNot(pairs.getFirst());
        } else if (!pairs.isEmpty()) {
            var any = new JsonSchema();
            any.setAnyOf(pairs);
            schema.setNot(any);
        }
        if (!mayLack) {
            groups.stream()
                    .filter(Group::isRequired)
                    .map(group -> oneOf(group.members))
                    .forEach(schema::addAllOfItem);
        }
    }

    /// Raw, as the library takes its lists of schemas.
    @SuppressWarnings("rawtypes")
    private static List<Schema> pairs(List<String> members) {
        var pairs = new ArrayList<Schema>();
        for (int i = 0; i < members.size(); i++) {
            for (int j = i + 1; j < members.size(); j++) {
                pairs.add(Types.having(members.get(i), members.get(j)));
            }
        }
        return pairs;
    }

    private static JsonSchema oneOf(List<String> members) {
        var schema = new JsonSchema();
        members.forEach(member -> schema.addAnyOfItem(Types.having(member)));
        return schema;
    }
}
