package dev.heddle.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/// Decodes the header blocks of a connection, by Netty's HPACK codec: it is fuzzed and kept up, and
/// a value that the peer repeats comes out as the same string, which costs nothing.
final class HeaderDecoder {
    private final HeaderFields fields = new HeaderFields();
    private final ByteBuf block = Unpooled.buffer(256);
    private final DefaultHttp2HeadersDecoder decoder;

    /// The fields of one block take more room than allowed; the connection can go on.
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("header fields too large", null, false, false);
        }
    }

    /// @param maxSize the most that the fields of one block may take, in bytes, as RFC 9113 counts
    ///   them
    HeaderDecoder(int maxSize) {
        // RequestHead knows what fields are well-formed: Netty takes some that are not for a block
        // that can't be decoded, which would end the connection.
        this.decoder =
                new DefaultHttp2HeadersDecoder(false, maxSize) {
                    @Override
                    protected Http2Headers newHeaders() {
                        return fields.reset();
                    }
                };
    }

    /// Decodes a block. Every block has to be decoded, even of a stream that nobody cares for: the
    /// next one builds on it.
    ///
    /// @return good until the next block is decoded
    HeaderFields decode(int streamId, byte[] bytes, int offset, int length)
            throws ConnectionException, StreamException, TooLargeException {
        block.clear().writeBytes(bytes, offset, length);
        try {
            decoder.decodeHeaders(streamId, block);
            return fields;
        } catch (Http2Exception.HeaderListSizeException _) {
            throw new TooLargeException();
        } catch (Http2Exception.StreamException e) {
            throw new StreamException(streamId, ErrorCode.PROTOCOL_ERROR, "malformed header");
        } catch (Http2Exception e) {
            throw new ConnectionException(
                    ErrorCode.COMPRESSION_ERROR, "header block not decodable");
        }
    }
}
