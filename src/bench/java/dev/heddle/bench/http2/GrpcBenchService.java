package dev.heddle.bench.http2;

import dev.heddle.bench.v1.BenchServiceGrpc.BenchServiceImplBase;
import dev.heddle.bench.v1.EchoRequest;
import dev.heddle.bench.v1.EchoResponse;
import dev.heddle.bench.v1.StreamRequest;
import dev.heddle.bench.v1.StreamResponse;
import io.grpc.stub.StreamObserver;

/// The service as gRPC's generated code wants it.
final class GrpcBenchService extends BenchServiceImplBase {
    @Override
    public void echo(EchoRequest request, StreamObserver<EchoResponse> responses) {
        responses.onNext(Answers.echo(request));
        responses.onCompleted();
    }

    @Override
    public void stream(StreamRequest request, StreamObserver<StreamResponse> responses) {
        var payload = Answers.payload(request);
        for (var i = 0; i < request.getCount(); i++) {
            responses.onNext(Answers.message(payload));
        }
        responses.onCompleted();
    }
}
