package dev.heddle.facade.bind;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import com.google.protobuf.Value;
import dev.heddle.facade.route.Match;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.v1.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Random requests, spread over path, query and body as the rules of `ShapeService` have it, come
/// back equal; random requests that mean nothing fail in no unforeseen way.
final class RoundTripTest {
    private static final int ROUNDS = 2_000;
    private static final int GARBAGE = 20_000;
    private static final List<Rule> RULES =
            List.of(
                    new Rule("GET", "/v1/shapes", ""),
                    new Rule(
                            "GET",
                            "/v1/path/{text}/{flag}/{int32}/{int64}/{uint32}/{uint64}/{sint32}/{sint64}/{fixed32}/{fixed64}/{sfixed32}/{sfixed64}/{float}/{double}/{data}/{color}/{child.name}",
                            ""),
                    new Rule("POST", "/v1/shapes/{child.name}", "*"),
                    new Rule("PATCH", "/v1/shapes/{text}/child/{child.name}", "child"),
                    new Rule("PUT", "/v1/shapes/{text}/children", "children"),
                    new Rule("PUT", "/v1/shapes/{text}/int64", "int64"),
                    new Rule("PUT", "/v1/shapes/{text}/chosen", "chosen_child"),
                    new Rule("POST", "/v1/shapes/{text}:collect", "child"));

    /// A rule of `ShapeService`, as this test understands it.
    private record Rule(String method, String template, String body) {
        Set<String> variables() {
            return Arrays.stream(template.split("[{}]"))
                    .filter(part -> !part.contains("/") && !part.contains(":"))
                    .collect(Collectors.toSet());
        }
    }

    private final long seed = ThreadLocalRandom.current().nextLong();
    private final Random random = new Random(seed);
    private final RandomShapes shapes = new RandomShapes(random);

    @Test
    void requestComesBackFromPathQueryAndBody() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            var rule = RULES.get(random.nextInt(RULES.size()));
            var request = request(rule);
            var path = path(rule, request);
            var query = query(rule, request);

            var bound = Shapes.bind(rule.method, path, query).request(Shapes.message(request));

            if (!bound.equals(request)) {
                assertThat(bound)
                        .as("seed %d, round %d: %s %s?%s", seed, round, rule.method, path, query)
                        .isEqualTo(request);
            }
        }
    }

    @Test
    void garbageIsRefusedInOrder() {
        int refused = 0;
        for (int round = 0; round < GARBAGE; round++) {
            var path = garbage(PATH_SCRAPS, "/v1/shapes");
            var query = garbage(QUERY_SCRAPS, "");
            try {
                serve(path, query);
            } catch (RpcException e) {
                refused++;
            } catch (RuntimeException | IOException e) {
                throw new AssertionError(
                        "seed %d, round %d: %s?%s".formatted(seed, round, path, query), e);
            }
        }
        assertThat(refused).as("seed %d", seed).isBetween(GARBAGE / 10, GARBAGE - 1);
    }

    private Shape request(Rule rule) {
        var request = Shape.newBuilder();
        shapes.fill(request, 3);
        if (rule.variables().contains("text")) {
            request.setText("t" + request.getText());
        }
        if (rule.variables().contains("child.name")) {
            request.getChildBuilder().setName("n" + request.getChild().getName());
        }
        if (rule.variables().contains("data")) {
            request.setData(request.getData().concat(ByteString.copyFromUtf8("d")));
        }
        switch (rule.body) {
            case "children" -> request.addChildrenBuilder().setName("x");
            case "chosen_child" -> request.getChosenChildBuilder().setSize(random.nextInt());
            case "child" -> {
                request.getChildBuilder().setTwoWords("c");
                request.getUpdateMaskBuilder().addPaths("name");
            }
            case "*" ->
                    request.getStructBuilder()
                            .putFields("a", Value.newBuilder().setBoolValue(true).build());
            default -> {}
        }
        return request.build();
    }

    private String path(Rule rule, Shape request) {
        var path = rule.template;
        for (var variable : rule.variables()) {
            Message message = request;
            var names = variable.split("\\.", -1);
            for (int i = 0; i < names.length - 1; i++) {
                message = (Message) message.getField(field(message, names[i]));
            }
            var field = field(message, names[names.length - 1]);
            var value = shapes.encode(shapes.write(field, message.getField(field)), false);
            path = path.replace("{" + variable + "}", value);
        }
        return path;
    }

    private String query(Rule rule, Shape request) {
        if (rule.body.equals("*")) {
            return "";
        }
        var groups = new ArrayList<List<String>>();
        addParameters(rule, "", "", request, groups);
        Collections.shuffle(groups, random);
        return groups.stream().flatMap(List::stream).collect(Collectors.joining("&"));
    }

    /// Adds a group of parameters a field.
    private void addParameters(
            Rule rule,
            String protoPrefix,
            String prefix,
            Message message,
            List<List<String>> groups) {
        message.getAllFields()
                .forEach((field, value) -> {
                    var protoPath = protoPrefix + field.getName();
                    var name =
                            prefix + (random.nextBoolean() ? field.getName() : field.getJsonName());
                    if (protoPath.equals(rule.body) || rule.variables().contains(protoPath)) {
                        return;
                    }
                    if (Fields.isPlainMessage(field)) {
                        addParameters(rule, protoPath + ".", name + ".", (Message) value, groups);
                    } else {
                        var values = field.isRepeated() ? (List<?>) value : List.of(value);
                        groups.add(
                                values.stream().map(each -> parameter(field, name, each)).toList());
                    }
                });
    }

    private String parameter(FieldDescriptor field, String name, Object value) {
        if (!field.isMapField()) {
            return shapes.encode(name, true)
                    + "="
                    + shapes.encode(shapes.write(field, value), true);
        }
        var entry = (MapEntry<?, ?>) value;
        var keyField = entry.getDescriptorForType().findFieldByName("key");
        var valueField = entry.getDescriptorForType().findFieldByName("value");
        var key = shapes.write(keyField, entry.getField(keyField));
        var keyed = name + (random.nextBoolean() ? "." + key : "[" + key + "]");
        return shapes.encode(keyed, true)
                + "="
                + shapes.encode(shapes.write(valueField, entry.getField(valueField)), true);
    }

    private static FieldDescriptor field(Message message, String name) {
        return message.getDescriptorForType().findFieldByName(name);
    }

    private static final List<String> PATH_SCRAPS =
            List.of(
                    "/",
                    "/v1",
                    "/shapes",
                    "/tail",
                    "/path",
                    "/any",
                    "child",
                    ":",
                    ":watch",
                    ":collect",
                    ":lenient",
                    ":verb",
                    "%",
                    "%2F",
                    "%ff",
                    "%C3%A9",
                    ".",
                    "..",
                    "*",
                    "{text}",
                    "é",
                    "\ud800",
                    "\u0000",
                    "x",
                    "7");

    private static final List<String> QUERY_SCRAPS =
            List.of(
                    "&",
                    "&",
                    "=",
                    "=",
                    "text",
                    "child",
                    "child.",
                    "labels",
                    "counts",
                    "[",
                    "]",
                    ".",
                    "int32",
                    "uint64",
                    "float",
                    "color",
                    "time",
                    "duration",
                    "update_mask",
                    "updateMask",
                    "data",
                    "chosen_text",
                    "chosenChild.name",
                    "children",
                    "struct",
                    "any",
                    "int64_value",
                    "$alt",
                    "%",
                    "%5B",
                    "%ff",
                    "+",
                    "1e9",
                    "-1",
                    "1s",
                    "true",
                    "2026-01-31T12:00:00Z",
                    "2026-99-99T99:99:99Z",
                    "99999999999999999999",
                    "a,b,",
                    "AA=",
                    "é",
                    "\ud800",
                    "\u0000",
                    ",");

    private String garbage(List<String> scraps, String start) {
        var garbage = new StringBuilder(random.nextInt(4) == 0 ? "" : start);
        for (int i = random.nextInt(12); i > 0; i--) {
            garbage.append(scraps.get(random.nextInt(scraps.size())));
        }
        return garbage.toString();
    }

    private void serve(String path, String query) throws IOException {
        var method = List.of("GET", "POST", "PATCH", "PUT", "BREW").get(random.nextInt(5));
        var headers =
                Headers.builder().add("last-event-id", random.nextBoolean() ? "7" : query).build();
        if (Shapes.TABLE.match(method, path) instanceof Match.Found found) {
            var _ = RequestBinder.bind(found, query, headers).request();
        }
        var found = (Match.Found) Shapes.TABLE.match("GET", "/v1/shapes");
        var _ = RequestBinder.bind(found, query, headers).request();
    }
}
