package dev.heddle.http.h2;

import dev.heddle.rpc.Headers;
import io.helidon.http.DateTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.util.Set;

/// Encodes the header blocks of a connection, in the order in which they are sent.
final class HeaderEncoder {
    /// More would be ours to remember, at the peer's wish.
    private static final long MAX_TABLE_SIZE = 4096;

    /// What another kind of connection needs has no place here.
    private static final Set<String> DROPPED =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private static final Http2HeadersEncoder.SensitivityDetector SECRETS =
            (name, _) -> "set-cookie".contentEquals(name);

    private final HeaderFields fields = new HeaderFields();
    private final ByteBuf block = Unpooled.buffer(256);
    private final DefaultHttp2HeadersEncoder encoder =
            new DefaultHttp2HeadersEncoder(SECRETS, true);

    // What the peer has asked for since the last block: the smallest and the last, which are all
    // that it is told of (RFC 7541, section 4.2).
    private long smallestTableSize = MAX_TABLE_SIZE;
    private long tableSize = MAX_TABLE_SIZE;
    private boolean tableSizeChanged;

    /// Bounds the table as the peer wants it, from the next block on.
    void maxTableSize(long size) {
        tableSize = Math.min(size, MAX_TABLE_SIZE);
        smallestTableSize = Math.min(smallestTableSize, tableSize);
        tableSizeChanged = true;
    }

    private void applyTableSize() throws Http2Exception {
        encoder.configuration().maxHeaderTableSize(smallestTableSize);
        encoder.configuration().maxHeaderTableSize(tableSize);
        smallestTableSize = tableSize;
        tableSizeChanged = false;
    }

    /// Encodes what comes before a body.
    ///
    /// @return good until the next block is encoded
    ByteBuf encode(ResponseHead head) {
        fields.reset().add(":status", HttpResponseStatus.valueOf(head.status()).codeAsText());
        head.headers().forEach(this::add);
        if (head.length() >= 0) {
            fields.add("content-length", Long.toString(head.length()));
        }
        if (head.status() >= 200) {
            fields.add("date", DateTime.rfc1123String());
        }
        return encode();
    }

    /// Encodes what follows a body.
    ///
    /// @return good until the next block is encoded
    ByteBuf encode(Headers trailers) {
        fields.reset();
        trailers.forEach(this::add);
        return encode();
    }

    private void add(String name, String value) {
        if (!DROPPED.contains(name)) {
            fields.add(name, value);
        }
    }

    private ByteBuf encode() {
        block.clear();
        try {
            if (tableSizeChanged) {
                applyTableSize();
            }
            encoder.encodeHeaders(0, fields, block);
            return block;
        } catch (Http2Exception e) {
            throw new IllegalStateException("a header block can't be encoded", e);
        }
    }
}
