package dev.heddle.facade.http;

import com.google.protobuf.Message;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Shared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;

/// Encodes messages on the handler's thread and puts them into the pipe: those that are sent
/// together in pieces of about [#PIECE] bytes.
final class PipedOutbound<R extends Message> implements Outbound<R> {
    private static final int PIECE = 32 * 1024;

    /// Beyond this a buffer isn't kept, for the stream may be idle from now on.
    private static final int MAX_KEPT = 1024;

    private final StreamFormat format;
    private final ResponsePipe pipe;
    private final Call call;
    private final Consumer<Message> beforeFirst;
    private ByteArrayOutputStream encoded = new ByteArrayOutputStream(0);
    private int lastPiece;
    private boolean hasMessages;

    /// @param beforeFirst sees the first message before it is put
    PipedOutbound(
            StreamFormat format, ResponsePipe pipe, Call call, Consumer<Message> beforeFirst) {
        this.format = format;
        this.pipe = pipe;
        this.call = call;
        this.beforeFirst = beforeFirst;
    }

    boolean hasMessages() {
        return hasMessages;
    }

    @Override
    public void send(R message) {
        begin(message);
        encoded.reset();
        try {
            format.message(message, encoded);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pipe.put(encoded, call);
        if (encoded.size() > MAX_KEPT) {
            encoded = new ByteArrayOutputStream(0);
        }
    }

    @Override
    public void sendAll(List<Shared<R>> messages) {
        if (messages.isEmpty()) {
            return;
        }
        begin(messages.getFirst().message());
        var piece = new ByteArrayOutputStream(lastPiece);
        try {
            for (var message : messages) {
                format.message(message, piece);
                if (piece.size() >= PIECE) {
                    pipe.put(piece, call);
                    piece.reset();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pipe.put(piece, call);
        lastPiece = piece.size();
    }

    private void begin(Message first) {
        if (!hasMessages) {
            hasMessages = true;
            beforeFirst.accept(first);
        }
    }
}
