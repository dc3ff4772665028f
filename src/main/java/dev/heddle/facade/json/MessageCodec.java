package dev.heddle.facade.json;

import java.io.IOException;

/// Reads and writes messages of one type.
interface MessageCodec {
    /// Translates the value that the parser stands at into the fields of the message.
    void read(Reading in) throws IOException;

    /// Translates the fields up to the end of the message.
    void write(WireInput from, Writing to) throws IOException;

    /// Whether `null` is a value; otherwise it is the absence of one.
    default boolean takesNull() {
        return false;
    }
}
