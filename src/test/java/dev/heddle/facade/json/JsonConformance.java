package dev.heddle.facade.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.conformance.Conformance.ConformanceRequest;
import com.google.protobuf.conformance.Conformance.ConformanceResponse;
import com.google.protobuf.conformance.Conformance.FailureSet;
import com.google.protobuf.conformance.Conformance.TestCategory;
import com.google.protobuf.conformance.Conformance.WireFormat;
import com.google.protobuf_test_messages.proto3.TestMessagesProto3.TestAllTypesProto3;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Answers the runner of Protobuf's conformance tests, on standard input and output, with the JSON
/// codec of the gateway. What has to do with no JSON, or with messages of proto2, it skips.
///
/// With the argument `dynamic` its messages are made of descriptors, not of generated classes.
///
/// Each request and each response follows its length in four bytes, the least significant first.
public final class JsonConformance {
    private static final String TYPE = TestAllTypesProto3.getDescriptor().getFullName();

    private final Message prototype;
    private final Json json;

    private JsonConformance(Message prototype) {
        this.prototype = prototype;
        this.json = Json.of(Rpcs.builder().build(), prototype);
    }

    public static void main(String[] arguments) throws IOException {
        var out = System.out;
        // What a library prints must not get between the responses.
        System.setOut(new PrintStream(System.err, true, StandardCharsets.UTF_8));
        var prototype =
                List.of(arguments).contains("dynamic")
                        ? DynamicMessage.getDefaultInstance(TestAllTypesProto3.getDescriptor())
                        : TestAllTypesProto3.getDefaultInstance();
        new JsonConformance(prototype).answer(System.in, out);
    }

    private void answer(InputStream in, OutputStream out) throws IOException {
        for (var length = in.readNBytes(4); length.length > 0; length = in.readNBytes(4)) {
            if (length.length < 4) {
                throw new EOFException("the length of a request breaks off");
            }
            var size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
            var response = answer(ConformanceRequest.parseFrom(in.readNBytes(size))).toByteArray();
            out.write(
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(response.length)
                            .array());
            out.write(response);
            out.flush();
        }
    }

    private ConformanceResponse answer(ConformanceRequest request) {
        var response = ConformanceResponse.newBuilder();
        if (request.getMessageType().equals("conformance.FailureSet")) {
            return response.setProtobufPayload(FailureSet.getDefaultInstance().toByteString())
                    .build();
        }
        var isJson =
                request.hasJsonPayload() || request.getRequestedOutputFormat() == WireFormat.JSON;
        if (!isJson || !request.getMessageType().equals(TYPE)) {
            return response.setSkipped("not JSON of proto3").build();
        }
        try {
            var message = parse(request);
            return request.getRequestedOutputFormat() == WireFormat.JSON
                    ? write(message, response)
                    : response.setProtobufPayload(message.toByteString()).build();
        } catch (InvalidProtocolBufferException | RpcException e) {
            return response.setParseError(String.valueOf(e.getMessage())).build();
        } catch (RuntimeException e) {
            return response.setRuntimeError(e.toString()).build();
        }
    }

    private Message parse(ConformanceRequest request) throws InvalidProtocolBufferException {
        var message = prototype.newBuilderForType();
        if (request.hasProtobufPayload()) {
            return message.mergeFrom(request.getProtobufPayload()).build();
        }
        var reader =
                request.getTestCategory() == TestCategory.JSON_IGNORE_UNKNOWN_PARSING_TEST
                        ? json.ignoringUnknown()
                        : json;
        reader.merge(request.getJsonPayloadBytes().toByteArray(), message);
        return message.build();
    }

    private ConformanceResponse write(Message message, ConformanceResponse.Builder response) {
        try {
            var text = ByteString.copyFrom(json.toBytes(message, Json.Options.STANDARD));
            return response.setJsonPayloadBytes(text).build();
        } catch (RuntimeException e) {
            return response.setSerializeError(e.toString()).build();
        }
    }
}
