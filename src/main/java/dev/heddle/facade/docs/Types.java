package dev.heddle.facade.docs;

import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Makes the smallest schemas (JSON Schema 2020-12, as OpenAPI 3.1 has it).
final class Types {
    private Types() {}

    /// Any value.
    static JsonSchema any() {
        return new JsonSchema();
    }

    static JsonSchema of(String type) {
        var schema = new JsonSchema();
        schema.setTypes(Set.of(type));
        return schema;
    }

    static JsonSchema string() {
        return of("string");
    }

    static JsonSchema string(String format) {
        var schema = string();
        schema.setFormat(format);
        return schema;
    }

    /// Text that a regular expression describes.
    static JsonSchema matching(String pattern) {
        var schema = string();
        schema.setPattern(pattern);
        return schema;
    }

    /// One of some texts.
    static JsonSchema oneOf(Collection<String> texts) {
        var schema = string();
        schema.setEnum(List.copyOf(texts));
        return schema;
    }

    static JsonSchema object() {
        return of("object");
    }

    static JsonSchema array(Schema<?> items) {
        var schema = of("array");
        schema.setItems(items);
        return schema;
    }

    static JsonSchema reference(String component) {
        var schema = new JsonSchema();
        schema.set$ref("#/components/schemas/" + component);
        return schema;
    }

    /// Objects that have some members at least, whatever these are; named, or linters ask for them.
    static JsonSchema having(String... members) {
        var schema = new JsonSchema();
        List.of(members).forEach(member -> schema.addProperty(member, any()));
        schema.setRequired(List.of(members));
        return schema;
    }
}
