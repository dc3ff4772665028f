package dev.heddle.source;

import io.helidon.common.socket.SocketOptions;
import io.helidon.webclient.api.WebClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The connections to other servers, which are kept open between requests.
public final class Sources implements AutoCloseable {
    private static final String ID = "{id}";

    private final Settings settings;
    private final MeterRegistry meters;
    private final WebClient client;
    private final List<Connections> connections = new CopyOnWriteArrayList<>();

    private Sources(Settings settings, MeterRegistry meters) {
        this.settings = settings;
        this.meters = meters;
        this.client =
                WebClient.builder()
                        .servicesDiscoverServices(false)
                        .followRedirects(false)
                        .connectTimeout(settings.connectTimeout())
                        .readTimeout(settings.timeout())
                        .socketOptions(SocketOptions.builder().tcpNoDelay(true).build())
                        .build();
    }

    public static Sources open(Settings settings, MeterRegistry meters) {
        return new Sources(settings, meters);
    }

    /// A server to ask.
    ///
    /// @param name tells it from the others, in metrics, logs and answers
    /// @param template the address to ask, in which `{id}` stands for what is asked about
    /// @throws IllegalArgumentException if the template is no such address
    public Source source(String name, String template) {
        return source(name, template, ID);
    }

    /// A server to ask.
    ///
    /// @param place what stands in the template for what is asked about
    /// @throws IllegalArgumentException if the template is no such address
    public Source source(String name, String template, String place) {
        var address = new Template(name, template, place);
        var pool = new Connections(client, address.of("x"), settings.maxIdleConnections());
        connections.add(pool);
        Gauge.builder("source.idle", pool, Connections::idle)
                .description("connections to another server that wait for a request")
                .tag("source", name)
                .register(meters);
        var fetch = new Fetch(client, pool, settings.maxResponseSize());
        return new Source(name, address, fetch, settings, meters);
    }

    @Override
    public void close() {
        connections.forEach(Connections::close);
        client.closeResource();
    }
}
