package dev.heddle.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import dev.heddle.files.v1.DownloadFileRequest;
import dev.heddle.files.v1.DownloadFileResponse;
import dev.heddle.files.v1.File;
import dev.heddle.files.v1.FileServiceGrpc;
import dev.heddle.files.v1.UploadFileRequest;
import dev.heddle.rpc.RpcException;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/// Brings files to a gateway and fetches them, by grpc-java and by plain HTTP.
final class Transfers implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI gateway;
    private final String token;
    private final ManagedChannel connection;
    private final Channel channel;

    Transfers(int port, String token) {
        this.gateway = URI.create("http://127.0.0.1:" + port);
        this.token = token;
        this.connection = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        var headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + token);
        this.channel =
                ClientInterceptors.intercept(
                        connection, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    static byte[] bytes(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    FileServiceGrpc.FileServiceBlockingV2Stub grpc() {
        return FileServiceGrpc.newBlockingV2Stub(channel);
    }

    static UploadFileRequest piece(byte[] bytes) {
        return UploadFileRequest.newBuilder()
                .setContent(HttpBody.newBuilder().setData(ByteString.copyFrom(bytes)))
                .build();
    }

    /// Uploads by gRPC.
    ///
    /// @throws RpcException the error that the gateway answered with
    File upload(UploadFileRequest first, List<UploadFileRequest> more) throws InterruptedException {
        var call = grpc().uploadFile();
        try {
            var open = call.write(first);
            for (var i = 0; open && i < more.size(); i++) {
                open = call.write(more.get(i));
            }
            call.halfClose();
            return Objects.requireNonNull(call.read());
        } catch (io.grpc.StatusException e) {
            throw failure(e);
        } catch (StatusRuntimeException e) {
            throw failure(e);
        }
    }

    BlockingClientCall<UploadFileRequest, File> openUpload() {
        return grpc().uploadFile();
    }

    /// What a download by gRPC brought.
    record Download(DownloadFileResponse first, ByteString data, int messages) {
        byte[] bytes() {
            return data.toByteArray();
        }
    }

    Download download(DownloadFileRequest request) throws InterruptedException {
        var call = grpc().downloadFile(request);
        var bytes = ByteString.newOutput();
        var messages = new ArrayList<DownloadFileResponse>();
        try {
            for (var next = call.read(); next != null; next = call.read()) {
                messages.add(next);
                next.getContent().getData().writeTo(bytes);
            }
        } catch (io.grpc.StatusException e) {
            throw failure(e);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Download(messages.getFirst(), bytes.toByteString(), messages.size());
    }

    private static RpcException failure(Exception e) {
        return RpcException.of(Objects.requireNonNull(StatusProto.fromThrowable(e)));
    }

    HttpResponse<byte[]> post(String target, byte[] body, String... headers)
            throws IOException, InterruptedException {
        return send("POST", target, body, headers);
    }

    HttpResponse<byte[]> get(String target, String... headers)
            throws IOException, InterruptedException {
        return send("GET", target, new byte[0], headers);
    }

    HttpResponse<byte[]> send(String method, String target, byte[] body, String... headers)
            throws IOException, InterruptedException {
        return http.send(
                request(target, headers)
                        .method(
                                method,
                                body.length == 0 && !method.equals("POST")
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    /// The same over HTTP/2.
    HttpResponse<byte[]> getByHttp2(String target, String... headers)
            throws IOException, InterruptedException {
        return byHttp2(request(target, headers).build());
    }

    HttpResponse<byte[]> postByHttp2(String target, byte[] body)
            throws IOException, InterruptedException {
        return byHttp2(request(target).POST(BodyPublishers.ofByteArray(body)).build());
    }

    private HttpResponse<byte[]> byHttp2(HttpRequest request)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            // by which the connection is upgraded: a request with a body doesn't do that
            client.send(request("/v1/files?page_size=1").build(), BodyHandlers.discarding());
            var response = client.send(request, BodyHandlers.ofByteArray());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            return response;
        }
    }

    private HttpRequest.Builder request(String target, String... headers) {
        var request =
                HttpRequest.newBuilder(gateway.resolve(target))
                        .timeout(Duration.ofSeconds(30))
                        .header("authorization", "Bearer " + token);
        return headers.length == 0 ? request : request.headers(headers);
    }

    @Override
    public void close() {
        connection.shutdownNow();
        http.shutdownNow();
    }
}
