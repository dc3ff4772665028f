package dev.heddle.facade.grpc.helidon;

import io.grpc.Status;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2RstStream;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2WindowUpdate;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector.SubProtocolHandler;

/// Answers with a status, whatever comes.
record RefusedStream(HelidonWriter writer, Status status) implements SubProtocolHandler {
    @Override
    public void init() {
        writer.refuse(status);
    }

    @Override
    public Http2StreamState streamState() {
        return Http2StreamState.HALF_CLOSED_LOCAL;
    }

    @Override
    public void rstStream(Http2RstStream reset) {
        // there is no call to cancel
    }

    @Override
    public void windowUpdate(Http2WindowUpdate update) {
        // there is nothing that waits to be sent
    }

    @Override
    public void data(Http2FrameHeader header, BufferData data) {
        // HelidonStream hands on nothing after the answer
    }
}
