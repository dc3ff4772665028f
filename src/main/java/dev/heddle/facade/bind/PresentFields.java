package dev.heddle.facade.bind;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.FieldMask;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/// Finds the fields that a JSON object gives a value to, token by token.
public final class PresentFields {
    private final JsonParser json;
    private final Set<String> paths = new LinkedHashSet<>();

    private PresentFields(JsonParser json) {
        this.json = json;
    }

    /// Reads one JSON value to its end and returns the paths of the fields in it, by their names in
    /// the `.proto` and in the order of their first occurrence. Lists, maps and well-known types
    /// are leaves, and so are an empty object and `null`. Unknown names are passed over.
    ///
    /// @param json a parser that stands before the value
    /// @param type the type of the message
    /// @throws IOException if it isn't JSON, or can't be read
    public static FieldMask of(JsonParser json, Descriptor type) throws IOException {
        var fields = new PresentFields(json);
        if (json.nextToken() == JsonToken.START_OBJECT) {
            fields.addObject("", type);
        } else {
            json.skipChildren();
        }
        return FieldMask.newBuilder().addAllPaths(fields.paths).build();
    }

    /// Adds the fields of an object; returns whether it has any.
    private boolean addObject(String prefix, Descriptor type) throws IOException {
        boolean hasFields = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var field = Fields.find(type, json.currentName());
            var value = json.nextToken();
            if (field.isEmpty()) {
                json.skipChildren();
                continue;
            }
            hasFields = true;
            var path = prefix + field.get().getName();
            if (!Fields.isPlainMessage(field.get()) || value != JsonToken.START_OBJECT) {
                json.skipChildren();
                paths.add(path);
            } else if (!addObject(path + ".", field.get().getMessageType())) {
                paths.add(path);
            }
        }
        return hasFields;
    }
}
