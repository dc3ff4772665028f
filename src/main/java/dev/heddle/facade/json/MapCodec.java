package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;

/// A map, which on the wire is a list of messages with a key and a value.
final class MapCodec extends FieldCodec {
    private final int tag;
    private final int keyTag;
    private final int valueTag;
    private final ValueCodec.Key key;
    private final ValueCodec value;

    MapCodec(FieldDescriptor field, ValueCodec.Key key, ValueCodec value) {
        super(field);
        this.tag = tag(field.getNumber(), WireFormat.WIRETYPE_LENGTH_DELIMITED);
        this.keyTag = tag(1, key.wireType());
        this.valueTag = tag(2, value.wireType());
        this.key = key;
        this.value = value;
    }

    @Override
    boolean takesNull() {
        return false;
    }

    @Override
    boolean has(int tag) {
        return tag == this.tag;
    }

    @Override
    void read(Reading in) throws IOException {
        if (in.parser().currentToken() != JsonToken.START_OBJECT) {
            throw in.mismatch();
        }
        var names = new HashSet<String>();
        while (in.parser().nextToken() == JsonToken.FIELD_NAME) {
            if (!names.add(in.parser().currentName())) {
                throw in.twice();
            }
            readEntry(in);
        }
    }

    private void readEntry(Reading in) throws IOException {
        var wire = in.wire();
        var undo = wire.size();
        wire.varint32(tag);
        var start = wire.open();
        wire.varint32(keyTag);
        key.read(in);
        if (in.parser().nextToken() == JsonToken.VALUE_NULL && !value.takesNull()) {
            throw in.mismatch();
        }
        if (in.ignoresUnknown() && value.isUnknown(in)) {
            wire.truncate(undo);
            return;
        }
        wire.varint32(valueTag);
        value.read(in);
        wire.close(start);
    }

    @Override
    int write(int tag, WireInput from, Writing to) throws IOException {
        // a key that comes again counts the last time: messages without a class keep each entry
        var values = new LinkedHashMap<String, WireInput>();
        var next = tag;
        while (next == this.tag) {
            addEntry(from.nested(), values);
            next = from.tag();
        }
        to.json().writeStartObject();
        for (var entry : values.entrySet()) {
            to.json().writeFieldName(entry.getKey());
            value.write(entry.getValue(), to);
        }
        to.json().writeEndObject();
        return next;
    }

    private void addEntry(WireInput entry, Map<String, WireInput> values) {
        var next = entry.tag();
        var name = key.key(next == keyTag ? entry : WireInput.zeros());
        if (next == keyTag) {
            next = entry.tag();
        }
        values.put(name, next == valueTag ? entry : WireInput.zeros());
    }

    @Override
    void writeDefault(Writing to) throws IOException {
        to.json().writeStartObject();
        to.json().writeEndObject();
    }
}
