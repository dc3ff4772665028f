package dev.heddle.facade.envelope;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.IOException;

/// Protobuf's binary form.
record ProtoEncoding() implements Encoding {
    @Override
    public byte[] encode(Message message, int room) throws IOException {
        var size = message.getSerializedSize();
        var bytes = new byte[room + size];
        var out = CodedOutputStream.newInstance(bytes, room, size);
        message.writeTo(out);
        out.checkNoSpaceLeft();
        return bytes;
    }
}
