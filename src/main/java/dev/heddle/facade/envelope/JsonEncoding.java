package dev.heddle.facade.envelope;

import com.google.protobuf.Message;
import dev.heddle.facade.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// Messages as JSON, the same as over plain HTTP.
record JsonEncoding(Json json) implements Encoding {
    @Override
    public byte[] encode(Message message, int room) throws IOException {
        var bytes = new ByteArrayOutputStream(room + 512);
        bytes.write(new byte[room], 0, room);
        json.write(message, bytes, Json.Options.STANDARD);
        return bytes.toByteArray();
    }
}
