package dev.heddle;

import dev.heddle.facade.grpc.GrpcFacade;
import dev.heddle.facade.http.HttpFacade;
import dev.heddle.facade.json.Json;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.http.helidon.HelidonCarrier;
import dev.heddle.http.tls.TlsSettings;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpcs;
import io.helidon.webserver.WebServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.util.Map;
import java.util.Optional;

/// Services behind all that a [Gateway] puts between its own and the network, with the settings
/// that it has by default, but without a database.
public final class BareGateway {
    private BareGateway() {}

    /// Starts it on a free port, for as long as the process lives.
    ///
    /// @return the port
    public static int start(Rpcs rpcs) {
        var sections =
                new Sections(
                        Configuration.load(Optional.empty(), Map.of(), Map.of("server.port", "0")));
        var pipeline =
                new Pipeline(
                        _ -> Caller.ANONYMOUS,
                        sections.rpc(),
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        OpenTelemetry.noop());
        var http = new HttpFacade(RouteTable.of(rpcs), pipeline, Json.of(rpcs), sections.http());
        var grpc = new GrpcFacade(rpcs, pipeline, sections.grpc());
        var carrier =
                new HelidonCarrier(
                        sections.server(),
                        sections.http2(),
                        TlsSettings.NONE,
                        exchange -> (GrpcFacade.isGrpc(exchange) ? grpc : http).handle(exchange));
        var server = WebServer.builder();
        carrier.attach(server);
        return server.build().start().port();
    }
}
