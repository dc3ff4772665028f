package dev.heddle.facade.route;

import com.google.api.CustomHttpPattern;
import com.google.api.HttpRule;
import dev.heddle.rpc.Contract;
import dev.heddle.rpc.Policy;
import dev.heddle.rpc.Rpc;
import dev.heddle.testing.v1.Shape;
import dev.heddle.testing.v1.ShapeServiceGrpc;
import dev.heddle.testing.v1.ShapesProto;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Methods with rules that no `.proto` has.
final class Rules {
    private Rules() {}

    /// A table of one method a rule, each written as `GET /v1/shapes`.
    static RouteTable table(String... rules) {
        return RouteTable.of(Stream.of(rules).map(Rules::rule).map(Rules::rpc).toList());
    }

    static RouteTable table(HttpRule rule) {
        return RouteTable.of(List.of(rpc(rule)));
    }

    static HttpRule rule(String text) {
        int space = text.indexOf(' ');
        var path = text.substring(space + 1);
        var rule = HttpRule.newBuilder();
        return switch (text.substring(0, space)) {
            case "GET" -> rule.setGet(path).build();
            case "PUT" -> rule.setPut(path).build();
            case "POST" -> rule.setPost(path).build();
            case "DELETE" -> rule.setDelete(path).build();
            case "PATCH" -> rule.setPatch(path).build();
            case String kind ->
                    rule.setCustom(CustomHttpPattern.newBuilder().setKind(kind).setPath(path))
                            .build();
        };
    }

    static Rpc<Shape, Shape> rpc(HttpRule rule) {
        var service = ShapesProto.getDescriptor().findServiceByName("ShapeService");
        var query = service.findMethodByName("Query");
        return new Rpc.Unary<>(
                new Contract<>(
                        ShapeServiceGrpc.getQueryMethod(),
                        query,
                        Policy.of(query),
                        Optional.of(rule)),
                (shape, _) -> shape);
    }
}
