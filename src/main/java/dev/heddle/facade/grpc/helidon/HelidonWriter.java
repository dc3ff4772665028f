package dev.heddle.facade.grpc.helidon;

import dev.heddle.facade.envelope.PercentEncoding;
import io.grpc.Metadata;
import io.grpc.Status;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.WritableHeaders;
import io.helidon.http.http2.FlowControl;
import io.helidon.http.http2.Http2Flag;
import io.helidon.http.http2.Http2FrameData;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2StreamWriter;
import java.util.Optional;

/// The sending side of a stream. It writes metadata as it was set, where Helidon keeps one value of
/// each name, and keeps large fields out of the table of header compression, which Helidon searches
/// for ever when a field is larger than the table.
final class HelidonWriter implements Http2StreamWriter {
    /// The size from which a field is not put into the table.
    private static final int LARGE = 512;

    private final Http2StreamWriter stock;
    private final int streamId;
    private final FlowControl.Outbound flowControl;
    private Metadata metadata = new Metadata();
    private volatile boolean ended;

    HelidonWriter(Http2StreamWriter stock, int streamId, FlowControl.Outbound flowControl) {
        this.stock = stock;
        this.streamId = streamId;
        this.flowControl = flowControl;
    }

    /// Whether the end of the stream was written.
    boolean hasEnded() {
        return ended;
    }

    /// Has the next header block carry this metadata.
    void next(Metadata metadata) {
        this.metadata = metadata;
    }

    /// Answers with nothing but a status.
    void refuse(Status status) {
        var headers = WritableHeaders.create();
        headers.set(HeaderValues.create("content-type", "application/grpc"));
        headers.set(HeaderValues.create("grpc-status", status.getCode().value()));
        Optional.ofNullable(status.getDescription())
                .ifPresent(text ->
                        headers.set(
                                HeaderValues.create("grpc-message", PercentEncoding.encode(text))));
        writeHeaders(
                Http2Headers.create(headers).status(io.helidon.http.Status.OK_200),
                streamId,
                Http2Flag.HeaderFlags.create(Http2Flag.END_OF_HEADERS | Http2Flag.END_OF_STREAM),
                flowControl);
    }

    @Override
    public void write(Http2FrameData frame) {
        stock.write(frame);
    }

    @Override
    public void writeData(Http2FrameData frame, FlowControl.Outbound flowControl) {
        stock.writeData(frame, flowControl);
    }

    @Override
    public int writeHeaders(
            Http2Headers headers,
            int streamId,
            Http2Flag.HeaderFlags flags,
            FlowControl.Outbound flowControl) {
        try {
            return stock.writeHeaders(complete(headers), streamId, flags, flowControl);
        } finally {
            ended = flags.endOfStream();
        }
    }

    @Override
    public int writeHeaders(
            Http2Headers headers,
            int streamId,
            Http2Flag.HeaderFlags flags,
            Http2FrameData data,
            FlowControl.Outbound flowControl) {
        return stock.writeHeaders(complete(headers), streamId, flags, data, flowControl);
    }

    private Http2Headers complete(Http2Headers headers) {
        var all = WritableHeaders.create();
        headers.httpHeaders().forEach(header -> set(all, header.name(), header.get()));
        var custom = MetadataCodec.toHeaders(metadata);
        // a comma between values means the same as a field for each, and is all that Helidon writes
        custom.names().forEach(name -> set(all, name, String.join(",", custom.all(name))));
        metadata = new Metadata();
        var complete = Http2Headers.create(all);
        return headers.status() == null ? complete : complete.status(headers.status());
    }

    private static void set(WritableHeaders<?> headers, String name, String value) {
        headers.set(
                HeaderValues.create(
                        HeaderNames.create(name), value.length() > LARGE, false, value));
    }
}
