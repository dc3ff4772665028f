package dev.heddle.facade.http;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.heddle.rpc.Shared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A message as a server-sent event.
///
/// @param cursor the field that identifies a message within the stream
record SseEvent(MessageWriter writer, Optional<FieldDescriptor> cursor)
        implements Shared.Form<Message, byte[]> {
    private static final byte[] ID = bytes("id: ");
    private static final byte[] DATA = bytes("data: ");
    private static final byte[] BLANK = bytes("\n\n");

    @Override
    public byte[] encode(Message message) throws IOException {
        var bytes = new ByteArrayOutputStream(512);
        write(message, bytes);
        return bytes.toByteArray();
    }

    void write(Message message, OutputStream out) throws IOException {
        if (cursor.isPresent()) {
            var id = PlainText.of(message, cursor.get(), writer.json());
            if (isId(id)) {
                out.write(ID);
                out.write(bytes(id));
                out.write('\n');
            }
        }
        out.write(DATA);
        writer.write(message, out);
        out.write(BLANK);
    }

    /// Whether a text stays what it is as an id.
    private static boolean isId(String text) {
        return !text.isEmpty()
                && text.charAt(0) != ' '
                && text.chars().noneMatch(c -> c == '\n' || c == '\r' || c == 0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
