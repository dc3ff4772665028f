package dev.heddle.facade.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Policy;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.ExtensionNumberResponse;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.grpc.reflection.v1.ListServiceResponse;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Tells clients such as grpcurl what there is to call: `grpc.reflection.v1` and its predecessor
/// `v1alpha`, which has the same messages under another name.
public final class ReflectionService implements Rpcs.Service {
    private final Schema schema;

    /// @param served the methods to tell of, besides its own
    public ReflectionService(Rpcs served) {
        var own =
                Stream.of(
                                ServerReflectionRequest.getDescriptor(),
                                io.grpc.reflection.v1alpha.ServerReflectionRequest.getDescriptor())
                        .map(Descriptor::getFile)
                        .map(FileDescriptor::getServices)
                        .flatMap(List::stream);
        this.schema = new Schema(Stream.concat(services(served), own).toList());
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.under(Policy.PUBLIC)
                .bidi(ServerReflectionGrpc.getServerReflectionInfoMethod(), this::reflect)
                .bidi(
                        io.grpc.reflection.v1alpha.ServerReflectionGrpc
                                .getServerReflectionInfoMethod(),
                        this::reflectAlpha);
    }

    private static Stream<ServiceDescriptor> services(Rpcs rpcs) {
        return rpcs.all().stream().map(rpc -> rpc.contract().descriptor().getService()).distinct();
    }

    private void reflect(
            Inbound<ServerReflectionRequest> in,
            Outbound<ServerReflectionResponse> out,
            Call call) {
        var sent = new HashSet<String>();
        for (var request : in) {
            out.send(answer(request, sent));
        }
    }

    private void reflectAlpha(
            Inbound<io.grpc.reflection.v1alpha.ServerReflectionRequest> in,
            Outbound<io.grpc.reflection.v1alpha.ServerReflectionResponse> out,
            Call call)
            throws InvalidProtocolBufferException {
        var sent = new HashSet<String>();
        for (var request : in) {
            var answer = answer(ServerReflectionRequest.parseFrom(request.toByteString()), sent);
            out.send(
                    io.grpc.reflection.v1alpha.ServerReflectionResponse.parseFrom(
                            answer.toByteString()));
        }
    }

    private ServerReflectionResponse answer(ServerReflectionRequest request, Set<String> sent) {
        var answer =
                ServerReflectionResponse.newBuilder()
                        .setValidHost(request.getHost())
                        .setOriginalRequest(request);
        switch (request.getMessageRequestCase()) {
            case FILE_BY_FILENAME ->
                    setFile(
                            answer,
                            schema.file(request.getFileByFilename()),
                            "file " + request.getFileByFilename(),
                            sent);
            case FILE_CONTAINING_SYMBOL ->
                    setFile(
                            answer,
                            schema.fileOf(request.getFileContainingSymbol()),
                            "symbol " + request.getFileContainingSymbol(),
                            sent);
            case FILE_CONTAINING_EXTENSION -> {
                var type = request.getFileContainingExtension().getContainingType();
                var number = request.getFileContainingExtension().getExtensionNumber();
                setFile(
                        answer,
                        schema.fileOfExtension(type, number),
                        "extension %d of %s".formatted(number, type),
                        sent);
            }
            case ALL_EXTENSION_NUMBERS_OF_TYPE ->
                    setExtensionNumbers(answer, request.getAllExtensionNumbersOfType());
            case LIST_SERVICES -> answer.setListServicesResponse(services());
            case MESSAGEREQUEST_NOT_SET ->
                    answer.setErrorResponse(
                            error(
                                    Code.INVALID_ARGUMENT,
                                    "message_request: not set (expected: one)"));
        }
        return answer.build();
    }

    private static void setFile(
            ServerReflectionResponse.Builder answer,
            Optional<FileDescriptor> file,
            String what,
            Set<String> sent) {
        file.ifPresentOrElse(
                found -> answer.setFileDescriptorResponse(withImports(found, sent)),
                () -> answer.setErrorResponse(error(Code.NOT_FOUND, "there is no " + what)));
    }

    /// A file, and of all that it imports what was not sent on this stream before.
    private static FileDescriptorResponse withImports(FileDescriptor file, Set<String> sent) {
        var response = FileDescriptorResponse.newBuilder();
        response.addFileDescriptorProto(file.toProto().toByteString());
        sent.add(file.getName());
        var imports = new ArrayDeque<>(file.getDependencies());
        while (!imports.isEmpty()) {
            var next = imports.remove();
            if (sent.add(next.getName())) {
                response.addFileDescriptorProto(next.toProto().toByteString());
                imports.addAll(next.getDependencies());
            }
        }
        return response.build();
    }

    private void setExtensionNumbers(ServerReflectionResponse.Builder answer, String type) {
        schema.extensionNumbers(type)
                .ifPresentOrElse(
                        numbers ->
                                answer.setAllExtensionNumbersResponse(
                                        ExtensionNumberResponse.newBuilder()
                                                .setBaseTypeName(type)
                                                .addAllExtensionNumber(numbers)),
                        () ->
                                answer.setErrorResponse(
                                        error(Code.NOT_FOUND, "there is no message " + type)));
    }

    private ListServiceResponse services() {
        var list = ListServiceResponse.newBuilder();
        for (var name : schema.services()) {
            list.addService(ServiceResponse.newBuilder().setName(name));
        }
        return list.build();
    }

    private static ErrorResponse error(Code code, String message) {
        return ErrorResponse.newBuilder()
                .setErrorCode(code.value())
                .setErrorMessage(message)
                .build();
    }
}
