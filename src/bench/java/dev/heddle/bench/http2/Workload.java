package dev.heddle.bench.http2;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.heddle.bench.v1.BenchServiceGrpc;
import dev.heddle.bench.v1.BenchServiceGrpc.BenchServiceBlockingStub;
import dev.heddle.bench.v1.EchoRequest;
import dev.heddle.bench.v1.StreamRequest;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/// What is called.
///
/// @param name as the command line writes it
/// @param request of each call
/// @param messages how many answer a call
/// @param response each of the messages that answer
/// @param call makes one by gRPC's own client
record Workload(
        String name,
        MethodDescriptor<?, ?> method,
        Message request,
        int messages,
        Message response,
        Function<BenchServiceBlockingStub, Iterator<? extends Message>> call) {
    static final List<Workload> ALL =
            List.of(
                    unary("unary-60", 60),
                    unary("unary-1k", 1024),
                    unary("unary-64k", 64 * 1024),
                    stream("stream-1000x100", 1000, 100),
                    stream("stream-100x1k", 100, 1024));

    /// A byte that says whether the message is compressed, four for its length.
    private static final int PREFIX = 5;

    private static final double UNARY_TARGET = 0.9;
    private static final double STREAM_TARGET = 1.2;

    /// The one of a name.
    ///
    /// @throws IllegalArgumentException if there is none
    static Workload of(String name) {
        return ALL.stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("%s (expected: of %s)".formatted(name, ALL)));
    }

    /// Such as `/heddle.bench.v1.BenchService/Echo`.
    String path() {
        return "/" + method.getFullMethodName();
    }

    /// The ratio to grpc-java that Heddle should reach.
    double target() {
        return method.getType() == MethodType.UNARY ? UNARY_TARGET : STREAM_TARGET;
    }

    /// The body of a request.
    byte[] requestBody() {
        var message = request.toByteArray();
        return ByteBuffer.allocate(PREFIX + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /// How many bytes the body of a complete response has.
    long responseLength() {
        return (long) messages * (PREFIX + response.getSerializedSize());
    }

    @Override
    public String toString() {
        return name;
    }

    private static Workload unary(String name, int size) {
        var request = EchoRequest.newBuilder().setPayload(pattern(size)).build();
        return new Workload(
                name,
                BenchServiceGrpc.getEchoMethod(),
                request,
                1,
                Answers.echo(request),
                stub -> List.of(stub.echo(request)).iterator());
    }

    private static Workload stream(String name, int count, int size) {
        var request = StreamRequest.newBuilder().setCount(count).setSize(size).build();
        return new Workload(
                name,
                BenchServiceGrpc.getStreamMethod(),
                request,
                count,
                Answers.message(Answers.payload(request)),
                stub -> stub.stream(request));
    }

    /// Bytes that differ, so that one at the wrong place is noticed.
    private static ByteString pattern(int size) {
        var bytes = new byte[size];
        for (var i = 0; i < size; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return ByteString.copyFrom(bytes);
    }
}
