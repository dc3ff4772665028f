package dev.heddle.facade.envelope;

import com.google.protobuf.Message;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The request messages of one call, read from its body when they are asked for: each behind a
/// prefix of one byte that tells whether it is compressed and four of its length. Holds no more
/// than twice the bytes that have arrived, whatever length a prefix claims.
public final class MessageReader<Q extends Message> implements Inbound<Q> {
    /// What is made for a message of which no more has arrived, in bytes.
    private static final int SMALL = 16 * 1024;

    private final InputStream body;
    private final Codec<Q, ?> codec;
    private final boolean isGzip;
    private final Code malformed;
    private final MessageSettings settings;
    private final Peer peer;
    private final byte[] prefix = new byte[Envelope.PREFIX];

    /// Why nothing more can be read, for where the next message begins is not known any more.
    private @Nullable RpcException broken;

    /// @param isGzip whether messages may be compressed
    /// @param malformed the code of the failure for what is no message in its envelope
    public MessageReader(
            InputStream body,
            Codec<Q, ?> codec,
            boolean isGzip,
            Code malformed,
            MessageSettings settings,
            Peer peer) {
        this.body = body;
        this.codec = codec;
        this.isGzip = isGzip;
        this.malformed = malformed;
        this.settings = settings;
        this.peer = peer;
    }

    @Override
    public Optional<Q> next() {
        if (broken != null) {
            throw broken;
        }
        try {
            return read();
        } catch (RpcException e) {
            broken = e;
            throw e;
        } catch (IOException e) {
            broken = peer.toRpcException(e);
            throw broken;
        }
    }

    private Optional<Q> read() throws IOException {
        var arrived = body.readNBytes(prefix, 0, prefix.length);
        if (arrived == 0) {
            return Optional.empty();
        }
        if (arrived < prefix.length) {
            throw truncated();
        }
        var isCompressed = isCompressed();
        var bytes = read(length());
        return Optional.of(codec.parse(isCompressed ? inflated(bytes) : bytes));
    }

    private boolean isCompressed() {
        var flag = prefix[0];
        if (flag == 1 && !isGzip) {
            throw new RpcException(
                    malformed, "a request message is compressed (expected: a header that says so)");
        }
        if (flag != 0 && flag != 1) {
            throw new RpcException(
                    malformed,
                    "the prefix of a request message begins with %d (expected: 0 or 1)"
                            .formatted(Byte.toUnsignedInt(flag)));
        }
        return flag == 1;
    }

    private int length() {
        var length =
                (prefix[1] & 0xFF) << 24
                        | (prefix[2] & 0xFF) << 16
                        | (prefix[3] & 0xFF) << 8
                        | (prefix[4] & 0xFF);
        if (length < 0 || length > settings.maxMessageSize()) {
            throw settings.messageTooLarge();
        }
        return length;
    }

    private byte[] read(int length) throws IOException {
        var bytes = new byte[Math.min(length, Math.max(SMALL, body.available()))];
        var count = 0;
        while (true) {
            count += body.readNBytes(bytes, count, bytes.length - count);
            if (count < bytes.length) {
                throw truncated();
            }
            if (count == length) {
                return bytes;
            }
            bytes = Arrays.copyOf(bytes, Math.min(length, 2 * count));
        }
    }

    private byte[] inflated(byte[] bytes) {
        try {
            var inflated = Gzip.inflate(bytes, settings.maxMessageSize() + 1);
            if (inflated.length > settings.maxMessageSize()) {
                throw settings.messageTooLarge();
            }
            return inflated;
        } catch (IOException e) {
            throw new RpcException(malformed, "the request can't be decompressed").withCause(e);
        }
    }

    private RpcException truncated() {
        return new RpcException(malformed, "the request ends within a message");
    }
}
