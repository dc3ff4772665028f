package dev.heddle.webhooks;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/// A server that webhooks are sent to.
final class Receiver implements AutoCloseable {
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile UnaryOperator<Answer> answers = answer -> answer;

    /// What came.
    record Received(String target, Headers headers, ByteString body) {}

    /// What is answered.
    ///
    /// @param number counts the requests from 1
    record Answer(int number, int status, String header, String value) {
        Answer status(int status) {
            return new Answer(number, status, header, value);
        }

        Answer header(String header, String value) {
            return new Answer(number, status, header, value);
        }
    }

    private Receiver(HttpServer server) {
        this.server = server;
        server.createContext("/", this::answer);
        server.start();
    }

    static Receiver start() throws IOException {
        return new Receiver(HttpServer.create(address(), 0));
    }

    static Receiver startSecure(SSLContext context) throws IOException {
        var server = HttpsServer.create(address(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new Receiver(server);
    }

    private static InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Received> received() {
        return received;
    }

    /// @param answers turns the usual answer, 204, into another
    void answerWith(UnaryOperator<Answer> answers) {
        this.answers = answers;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(
                    new Received(
                            exchange.getRequestURI().toString(),
                            exchange.getRequestHeaders(),
                            ByteString.readFrom(exchange.getRequestBody())));
            var answer = answers.apply(new Answer(received.size(), 204, "X-None", ""));
            exchange.getResponseHeaders().set(answer.header(), answer.value());
            exchange.sendResponseHeaders(answer.status(), -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
