package dev.heddle.facade.json;

import java.io.IOException;

/// Reads and writes values of one kind: of a field, of a list's element, of a map's entry.
interface ValueCodec {
    /// The type of the value on the wire, as [com.google.protobuf.WireFormat] has it.
    int wireType();

    /// Translates the value that the parser stands at; its tag is written.
    void read(Reading in) throws IOException;

    /// Translates a value whose tag is read.
    void write(WireInput from, Writing to) throws IOException;

    /// Whether `null` is a value; otherwise it is the absence of one.
    default boolean takesNull() {
        return false;
    }

    /// Whether the value that the parser stands at is passed over by a reader that ignores what is
    /// unknown.
    default boolean isUnknown(Reading in) throws IOException {
        return false;
    }

    /// One that also is the key of maps, which is text in JSON.
    interface Key extends ValueCodec {
        String key(WireInput from);
    }
}
