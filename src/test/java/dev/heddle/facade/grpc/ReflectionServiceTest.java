package dev.heddle.facade.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heddle.diagnostics.DiagnosticsService;
import dev.heddle.rpc.Rpcs;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.reflection.v1.ExtensionRequest;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ReflectionServiceTest {
    private static final DiagnosticsService DIAGNOSTICS = new DiagnosticsService(Clock.systemUTC());

    private final GrpcServer server =
            new GrpcServer(
                    DIAGNOSTICS, new ReflectionService(Rpcs.builder().add(DIAGNOSTICS).build()));
    private final ManagedChannel channel = server.channel();

    @AfterEach
    void close() {
        channel.shutdownNow();
        server.close();
    }

    @Test
    void servicesAreListed() throws Exception {
        var answer = ask(request().setListServices(""));

        assertThat(answer.getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .containsExactly(
                        "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection",
                        "heddle.diagnostics.v1.DiagnosticsService");
    }

    @Test
    void everyKindOfSymbolIsFoundWithAllImports() throws Exception {
        for (var symbol :
                List.of(
                        "heddle.diagnostics.v1.DiagnosticsService",
                        "heddle.diagnostics.v1.DiagnosticsService.Echo",
                        "heddle.diagnostics.v1.EchoRequest",
                        "heddle.diagnostics.v1.EchoRequest.message")) {
            var files = files(ask(request().setFileContainingSymbol(symbol)));

            assertThat(files.getFirst()).isEqualTo("heddle/diagnostics/v1/diagnostics.proto");
            assertThat(files)
                    .contains(
                            "google/api/http.proto",
                            "google/protobuf/descriptor.proto",
                            "buf/validate/validate.proto",
                            "heddle/api/policy.proto")
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void nestedTypesAndEnumValuesAreFound() throws Exception {
        assertThat(
                        files(
                                ask(
                                        request()
                                                .setFileContainingSymbol(
                                                        "heddle.api.Policy.UnknownParameters"))))
                .first()
                .isEqualTo("heddle/api/policy.proto");
        assertThat(
                        files(
                                ask(
                                        request()
                                                .setFileContainingSymbol(
                                                        "heddle.api.Policy.UNKNOWN_PARAMETERS_REJECT"))))
                .first()
                .isEqualTo("heddle/api/policy.proto");
    }

    @Test
    void fileIsFoundByItsName() throws Exception {
        assertThat(files(ask(request().setFileByFilename("google/protobuf/duration.proto"))))
                .containsExactly("google/protobuf/duration.proto");
    }

    @Test
    void detailsOfErrorsAreFound() throws Exception {
        assertThat(files(ask(request().setFileContainingSymbol("google.rpc.ErrorInfo"))))
                .contains("google/rpc/error_details.proto");
    }

    @Test
    void extensionsAreFound() throws Exception {
        var options = "google.protobuf.MethodOptions";
        var extension =
                ExtensionRequest.newBuilder().setContainingType(options).setExtensionNumber(52401);

        assertThat(files(ask(request().setFileContainingExtension(extension))))
                .first()
                .isEqualTo("heddle/api/policy.proto");
        assertThat(
                        ask(request().setAllExtensionNumbersOfType(options))
                                .getAllExtensionNumbersResponse()
                                .getExtensionNumberList())
                .contains(52401, 72295728)
                .isSorted();
        assertThat(
                        ask(request()
                                        .setAllExtensionNumbersOfType(
                                                "heddle.diagnostics.v1.EchoRequest"))
                                .getAllExtensionNumbersResponse()
                                .getExtensionNumberList())
                .isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        var extension =
                ExtensionRequest.newBuilder()
                        .setContainingType("google.protobuf.MethodOptions")
                        .setExtensionNumber(1);
        for (var request :
                List.of(
                        request().setFileByFilename("no.proto"),
                        request().setFileContainingSymbol("no.Symbol"),
                        request().setFileContainingExtension(extension),
                        request().setAllExtensionNumbersOfType("no.Message"),
                        request()
                                .setAllExtensionNumbersOfType(
                                        "heddle.diagnostics.v1.DiagnosticsService"))) {
            var answer = ask(request);

            assertThat(answer.getErrorResponse().getErrorCode()).isEqualTo(Code.NOT_FOUND.value());
            assertThat(answer.getOriginalRequest()).isEqualTo(request.build());
            assertThat(answer.getValidHost()).isEqualTo("test");
        }
        assertThat(ask(request()).getErrorResponse().getErrorCode())
                .isEqualTo(Code.INVALID_ARGUMENT.value());
    }

    @Test
    void importsAreSentOnceAStream() throws Exception {
        var request = request().setFileContainingSymbol("heddle.diagnostics.v1.EchoRequest");

        var answers = askAll(List.of(request.build(), request.build()));

        assertThat(files(answers.getFirst()).size()).isGreaterThan(5);
        assertThat(files(answers.getLast()))
                .containsExactly("heddle/diagnostics/v1/diagnostics.proto");
    }

    @Test
    void predecessorAnswersTheSame() throws Exception {
        var answer = new CompletableFuture<io.grpc.reflection.v1alpha.ServerReflectionResponse>();
        var requests =
                io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(channel)
                        .serverReflectionInfo(
                                observer(
                                        answer::complete, answer::completeExceptionally, () -> {}));
        requests.onNext(
                io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                        .setListServices("")
                        .build());
        requests.onCompleted();

        assertThat(answer.get(5, TimeUnit.SECONDS).getListServicesResponse().getServiceCount())
                .isEqualTo(3);
    }

    private static ServerReflectionRequest.Builder request() {
        return ServerReflectionRequest.newBuilder().setHost("test");
    }

    private static List<String> files(ServerReflectionResponse answer) {
        return answer.getFileDescriptorResponse().getFileDescriptorProtoList().stream()
                .map(ReflectionServiceTest::name)
                .toList();
    }

    private static String name(ByteString file) {
        try {
            return FileDescriptorProto.parseFrom(file).getName();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private ServerReflectionResponse ask(ServerReflectionRequest.Builder request) throws Exception {
        return askAll(List.of(request.build())).getFirst();
    }

    private List<ServerReflectionResponse> askAll(List<ServerReflectionRequest> requests)
            throws Exception {
        var answers = new ArrayList<ServerReflectionResponse>();
        var end = new CompletableFuture<List<ServerReflectionResponse>>();
        var out =
                ServerReflectionGrpc.newStub(channel)
                        .serverReflectionInfo(
                                observer(
                                        answers::add,
                                        end::completeExceptionally,
                                        () -> end.complete(answers)));
        requests.forEach(out::onNext);
        out.onCompleted();
        return end.get(5, TimeUnit.SECONDS);
    }

    private static <T> StreamObserver<T> observer(
            java.util.function.Consumer<T> next,
            java.util.function.Consumer<Throwable> error,
            Runnable end) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                next.accept(value);
            }

            @Override
            public void onError(Throwable failure) {
                error.accept(failure);
            }

            @Override
            public void onCompleted() {
                end.run();
            }
        };
    }
}
