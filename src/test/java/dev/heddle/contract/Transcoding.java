package dev.heddle.contract;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.heddle.jobs.v1.Job;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How a client turns a request into HTTP by the method's rule: written for these tests alone, so
/// that it shares no mistake with the gateway.
final class Transcoding {
    private static final Pattern VARIABLE = Pattern.compile("\\{([^=}]+)(=[^}]*)?}");

    /// The types that the details of an error have, and what operations are about.
    static final TypeRegistry DETAILS =
            TypeRegistry.newBuilder()
                    .add(ErrorInfo.getDescriptor())
                    .add(BadRequest.getDescriptor())
                    .add(RetryInfo.getDescriptor())
                    .add(Job.getDescriptor())
                    .add(Struct.getDescriptor())
                    .build();

    private Transcoding() {}

    /// An HTTP request.
    record Request(String method, String target, List<String> bodies) {}

    /// The request for a call; each message of a client stream is a body of its own.
    static Request request(MethodDescriptor<?, ?> method, List<? extends Message> requests) {
        var rule = rule(method);
        var first = requests.getFirst();
        return switch (rule.getPatternCase()) {
            case GET -> new Request("GET", target(rule.getGet(), first, rule), List.of());
            case DELETE -> new Request("DELETE", target(rule.getDelete(), first, rule), List.of());
            case POST ->
                    new Request(
                            "POST", target(rule.getPost(), first, rule), bodies(rule, requests));
            case PATCH ->
                    new Request(
                            "PATCH", target(rule.getPatch(), first, rule), bodies(rule, requests));
            default ->
                    throw new IllegalArgumentException("no such rule in these contracts: " + rule);
        };
    }

    private static HttpRule rule(MethodDescriptor<?, ?> method) {
        var schema =
                (ProtoMethodDescriptorSupplier)
                        Objects.requireNonNull(method.getSchemaDescriptor());
        return schema.getMethodDescriptor().getOptions().getExtension(AnnotationsProto.http);
    }

    private static String target(String template, Message request, HttpRule rule) {
        var bound = new ArrayList<String>();
        var path =
                VARIABLE.matcher(template)
                        .replaceAll(match -> {
                            bound.add(match.group(1));
                            var text = encode(String.valueOf(value(request, match.group(1))));
                            return match.group(2) == null ? text : text.replace("%2F", "/");
                        });
        if (rule.getBody().equals("*")) {
            return path;
        }
        bound.add(rule.getBody());
        var query =
                parameters("", request)
                        .filter(parameter ->
                                bound.stream()
                                        .noneMatch(b ->
                                                parameter.getKey().equals(b)
                                                        || parameter.getKey().startsWith(b + ".")))
                        .map(parameter -> parameter.getKey() + "=" + encode(parameter.getValue()))
                        .toList();
        return query.isEmpty() ? path : path + "?" + String.join("&", query);
    }

    private static Object value(Message message, String path) {
        var dot = path.indexOf('.');
        var name = dot < 0 ? path : path.substring(0, dot);
        var value = message.getField(message.getDescriptorForType().findFieldByName(name));
        return dot < 0 ? value : value((Message) value, path.substring(dot + 1));
    }

    private static Stream<Map.Entry<String, String>> parameters(String prefix, Message message) {
        return message.getAllFields().entrySet().stream()
                .flatMap(field ->
                        parameters(
                                prefix + field.getKey().getName(),
                                field.getKey(),
                                field.getValue()));
    }

    private static Stream<Map.Entry<String, String>> parameters(
            String name, FieldDescriptor field, Object value) {
        if (value instanceof List<?> list) {
            return list.stream().flatMap(element -> parameters(name, field, element));
        }
        if (value instanceof Message message) {
            return isWellKnown(message)
                    ? Stream.of(Map.entry(name, unquoted(json(message))))
                    : parameters(name + ".", message);
        }
        return Stream.of(Map.entry(name, value.toString()));
    }

    private static boolean isWellKnown(Message message) {
        return message.getDescriptorForType().getFile().getPackage().equals("google.protobuf");
    }

    private static String unquoted(String json) {
        return json.startsWith("\"") ? json.substring(1, json.length() - 1) : json;
    }

    private static List<String> bodies(HttpRule rule, List<? extends Message> requests) {
        return requests.stream()
                .map(request ->
                        rule.getBody().equals("*")
                                ? json(request)
                                : json((Message) value(request, rule.getBody())))
                .toList();
    }

    static String json(Message message) {
        try {
            return JsonFormat.printer()
                    .usingTypeRegistry(DETAILS)
                    .omittingInsignificantWhitespace()
                    .print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
