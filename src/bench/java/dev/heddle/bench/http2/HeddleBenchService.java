package dev.heddle.bench.http2;

import dev.heddle.bench.v1.BenchServiceGrpc;
import dev.heddle.bench.v1.StreamRequest;
import dev.heddle.bench.v1.StreamResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Policy;
import dev.heddle.rpc.Rpcs;

/// The service as Heddle wants it.
final class HeddleBenchService implements Rpcs.Service {
    static Rpcs rpcs() {
        return Rpcs.builder().under(Policy.PUBLIC).add(new HeddleBenchService()).build();
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(BenchServiceGrpc.getEchoMethod(), (request, _) -> Answers.echo(request))
                .serverStreaming(BenchServiceGrpc.getStreamMethod(), this::stream);
    }

    private void stream(StreamRequest request, Outbound<StreamResponse> out, Call call) {
        var payload = Answers.payload(request);
        for (var i = 0; i < request.getCount(); i++) {
            out.send(Answers.message(payload));
        }
    }
}
