package dev.heddle.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;

/// Requests at random for what an OpenAPI document describes: right ones mostly, and some that are
/// wrong in one place or more.
final class Requests {
    private static final int MAX_DEPTH = 4;
    private static final int MAX_KNOWN = 200;
    private static final Pattern VARIABLE = Pattern.compile("\\{([^}]*)}");
    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<String> HOSTILE =
            List.of(
                    "",
                    " ",
                    "\u0000",
                    "a\u0000b",
                    "\r\nX-Injected: 1",
                    "\u202e",
                    "\ufeff",
                    "\ud83d\ude00",
                    "'",
                    "' OR '1'='1",
                    "'; DROP TABLE users; --",
                    "%",
                    "_",
                    "%25",
                    "\\",
                    "\"",
                    "../..",
                    "..%2f..",
                    "/",
                    "//",
                    ".",
                    "..",
                    ":",
                    "a:b",
                    "*",
                    "**",
                    "{",
                    "}",
                    "$1",
                    "?",
                    "#",
                    "&",
                    "=1+1",
                    "<script>alert(1)</script>",
                    "-1",
                    "0",
                    "1e999",
                    "NaN",
                    "null",
                    "99999999999999999999",
                    "2147483648",
                    "-9223372036854775808",
                    "x".repeat(300),
                    "é".repeat(2000),
                    "0000-00-00T00:00:00Z",
                    "9999-12-31T23:59:59.999999999Z",
                    "0001-01-01T00:00:00Z",
                    "315576000000s",
                    "-1s",
                    "heddle",
                    "1",
                    "true");

    private static final List<String> FILTERS =
            List.of(
                    "name:*",
                    "name = \"a*\"",
                    "NOT name:x",
                    "email:@",
                    "state != ACTIVE",
                    "create_time > \"2020-01-01T00:00:00Z\"",
                    "id = \"x\"",
                    "price < 10",
                    "stock >= 1",
                    "tags:red",
                    "size > 5",
                    "user_id = ada",
                    "name = \"\\\"'%_\"",
                    "total = 1.5",
                    "((name = a))",
                    "update_time <= \"9999-12-31T23:59:59-18:00\"",
                    "kind = email");

    private static final List<String> ORDERS =
            List.of(
                    "name",
                    "name desc",
                    "create_time desc,id",
                    "price",
                    "id",
                    "total,id desc",
                    "x;y");

    private final Random random;
    private final JsonNode document;
    private final List<Operation> operations = new ArrayList<>();
    private final List<String> known = new ArrayList<>();

    private record Operation(String method, String path, JsonNode of) {}

    /// @param document in OpenAPI 3.1
    Requests(Random random, JsonNode document) {
        this.random = random;
        this.document = document;
        for (var path : document.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (operation.getValue().has("operationId")) {
                    operations.add(
                            new Operation(
                                    operation.getKey().toUpperCase(java.util.Locale.ROOT),
                                    path.getKey(),
                                    operation.getValue()));
                }
            }
        }
    }

    /// What a response tells of ids is used again.
    void learn(String response) {
        var ids = ID.matcher(response);
        while (ids.find() && known.size() < MAX_KNOWN) {
            known.add(ids.group());
        }
    }

    /// A request as bytes of HTTP/1.1.
    ///
    /// @param fields what each has in its header, lines that end in CR LF
    byte[] next(String fields) {
        var operation = any(operations);
        var method =
                isRarely(30)
                        ? any(List.of("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"))
                        : operation.method;
        var head =
                new StringBuilder(method)
                        .append(' ')
                        .append(target(operation))
                        .append(" HTTP/1.1\r\n")
                        .append(fields);
        var body = new byte[0];
        var content = operation.of.at("/requestBody/content");
        if (!content.isEmpty()) {
            var type =
                    isRarely(20)
                            ? any(
                                    List.of(
                                            "text/plain",
                                            "x",
                                            "application/json",
                                            "multipart/form-data; boundary=x",
                                            "application/octet-stream"))
                            : any(names(content));
            body = body(content.path(type).path("schema"));
            head.append("Content-Type: ")
                    .append(type)
                    .append("\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        }
        if (isRarely(15)) {
            head.append("Accept: ")
                    .append(
                            any(
                                    List.of(
                                            "text/csv",
                                            "text/event-stream",
                                            "application/x-ndjson",
                                            "*/*",
                                            "text/html",
                                            "application/json;int64=number")))
                    .append("\r\n");
        }
        if (isRarely(20)) {
            head.append(
                            any(
                                    List.of(
                                            "Range: bytes=0-",
                                            "If-None-Match: *",
                                            "If-Match: \"x\"",
                                            "Last-Event-ID: 1:2:0000000000000000",
                                            "Accept-Encoding: gzip",
                                            "Content-Encoding: gzip",
                                            "Idempotency-Key: x",
                                            "Expect: 100-continue",
                                            "Origin: http://evil.example")))
                    .append("\r\n");
        }
        var request = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        var all = java.util.Arrays.copyOf(request, request.length + body.length);
        System.arraycopy(body, 0, all, request.length, body.length);
        return all;
    }

    private String target(Operation operation) {
        var path = VARIABLE.matcher(operation.path).replaceAll(_ -> encoded(id()));
        var query = new StringBuilder();
        for (var parameter : operation.of.path("parameters")) {
            var name = parameter.path("name").asText();
            // an echo fails as it is told to, also as a fault of the gateway
            var isAsked = name.startsWith("error");
            if (!parameter.path("in").asText().equals("query") || isAsked || !isRarely(3)) {
                continue;
            }
            var value =
                    switch (name) {
                        case "filter" ->
                                isRarely(4)
                                        ? hostile()
                                        : any(FILTERS)
                                                + any(List.of("", " AND ", " OR "))
                                                + (isRarely(3) ? any(FILTERS) : "");
                        case "order_by", "orderBy" -> isRarely(4) ? hostile() : any(ORDERS);
                        case "page_size", "pageSize" ->
                                any(List.of("1", "2", "1000", "0", "-1", "x"));
                        default -> text(value(parameter.path("schema"), 0));
                    };
            query.append(query.isEmpty() ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(encoded(value));
        }
        if (isRarely(20)) {
            query.append(query.isEmpty() ? '?' : '&')
                    .append(encoded(hostile()))
                    .append('=')
                    .append(encoded(hostile()));
        }
        return path + query;
    }

    private byte[] body(JsonNode schema) {
        var body = value(schema, 0).toString().getBytes(StandardCharsets.UTF_8);
        return isRarely(12) ? new Mutator(random, List.of(body), List.of()).next() : body;
    }

    private JsonNode value(JsonNode given, int depth) {
        var schema = given;
        for (var i = 0; i < 10 && schema.has("$ref"); i++) {
            schema = document.at(schema.path("$ref").asText().substring(1));
        }
        if (isRarely(80)) {
            return any(
                    List.of(
                            NODES.nullNode(),
                            NODES.numberNode(-1),
                            TextNode.valueOf(hostile()),
                            NODES.arrayNode(),
                            NODES.objectNode()));
        }
        for (var choice : List.of("oneOf", "anyOf")) {
            if (schema.has(choice)) {
                return value(
                        schema.path(choice).get(random.nextInt(schema.path(choice).size())), depth);
            }
        }
        if (schema.has("allOf")) {
            return value(schema.path("allOf").get(0), depth);
        }
        if (schema.has("enum")) {
            return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
        }
        var type =
                schema.path("type").isArray()
                        ? schema.path("type").get(0).asText()
                        : schema.path("type").asText();
        return switch (type) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "integer" ->
                    NODES.numberNode(
                            random.nextBoolean()
                                    ? random.nextInt(10)
                                    : random.nextLong() >> random.nextInt(64));
            case "number" -> NODES.numberNode(random.nextGaussian() * 100);
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "string" -> TextNode.valueOf(string(schema.path("format").asText()));
            default -> depth < MAX_DEPTH ? object(schema, depth) : NODES.nullNode();
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        var object = NODES.objectNode();
        if (depth < MAX_DEPTH) {
            for (var property : schema.path("properties").properties()) {
                if (random.nextInt(4) > 0 && !property.getKey().equals("error")) {
                    object.set(property.getKey(), value(property.getValue(), depth + 1));
                }
            }
            if (schema.path("additionalProperties").isObject() || !schema.has("properties")) {
                object.set(
                        isRarely(3) ? hostile() : "key",
                        schema.path("additionalProperties").isObject()
                                ? value(schema.path("additionalProperties"), depth + 1)
                                : TextNode.valueOf(string("")));
            }
        }
        return object;
    }

    private ArrayNode array(JsonNode schema, int depth) {
        var array = NODES.arrayNode();
        for (var i = random.nextInt(3); i > 0 && depth < MAX_DEPTH; i--) {
            array.add(value(schema.path("items"), depth + 1));
        }
        return array;
    }

    private String string(String format) {
        if (isRarely(20)) {
            return hostile();
        }
        return switch (format) {
            case "date-time" -> "2026-01-%02dT12:00:00Z".formatted(1 + random.nextInt(28));
            case "duration" -> random.nextInt(100) + "s";
            case "uuid" -> id();
            case "int64", "uint64" -> Long.toString(random.nextInt(1000));
            case "byte" -> "aGVsbG8=";
            case "field-mask" -> any(List.of("name", "*", "email,state", "etag"));
            default ->
                    any(
                            List.of(
                                    "name " + random.nextInt(100),
                                    "u%d@example.com".formatted(random.nextInt(1000)),
                                    id(),
                                    "10.50",
                                    "EUR",
                                    "users",
                                    "email"));
        };
    }

    private String id() {
        if (isRarely(12)) {
            return hostile();
        }
        return known.isEmpty() || isRarely(10)
                ? new UUID(random.nextLong(), random.nextLong()).toString()
                : any(known);
    }

    private String hostile() {
        return any(HOSTILE);
    }

    private boolean isRarely(int oneOf) {
        return random.nextInt(oneOf) == 0;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(java.util.Map.Entry::getKey).toList();
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
