package dev.heddle.facade.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.facade.bind.BindingReport.Bound;
import dev.heddle.facade.bind.BindingReport.Source;
import dev.heddle.facade.docs.Explanation.Outcome;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.v1.Shape;
import dev.heddle.testing.v1.ShapeServiceGrpc;
import org.junit.jupiter.api.Test;

final class ExplanationTest {
    private static final RouteTable ROUTES =
            RouteTable.of(
                    Rpcs.builder()
                            .unary(ShapeServiceGrpc.getQueryMethod(), (shape, _) -> shape)
                            .unary(ShapeServiceGrpc.getQueryLenientlyMethod(), (shape, _) -> shape)
                            .unary(ShapeServiceGrpc.getTailMethod(), (shape, _) -> shape)
                            .unary(ShapeServiceGrpc.getChildMethod(), (shape, _) -> shape)
                            .build());

    private static Explanation explain(String query) {
        return Explanation.of(ROUTES, RequestLine.parse(query));
    }

    @Test
    void everyPartHasItsPlace() {
        var explanation =
                explain(
                        "method=patch&path=/v1/shapes/a%2520b/child/c?int32=5&labels[k]=v&$alt=json");
        assertThat(explanation.outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(explanation.route().orElseThrow())
                .hasToString("PATCH /v1/shapes/{text}/child/{child.name}");
        var binding = explanation.binding().orElseThrow();
        assertThat(binding.bound())
                .containsExactly(
                        new Bound(Source.PATH, "text", "text", "a b"),
                        new Bound(Source.PATH, "child.name", "child.name", "c"),
                        new Bound(Source.QUERY, "int32", "int32", "5"),
                        new Bound(Source.QUERY, "labels[k]", "labels[k]", "v"),
                        new Bound(Source.SYSTEM, "$alt", "", "json"));
        assertThat(((Shape) binding.request()).getInt32()).isEqualTo(5);
    }

    @Test
    void rejectedParametersHaveReasonsAndNearestNames() {
        var explanation = explain("path=/v1/shapes?int32=x&optional_tex=y&text=z");
        assertThat(explanation.outcome()).isEqualTo(Outcome.REJECTED);
        var rejected = explanation.binding().orElseThrow().rejected();
        assertThat(rejected).hasSize(2);
        assertThat(rejected.get(0).violation().getReason()).isEqualTo("INVALID_VALUE");
        assertThat(rejected.get(1).violation().getReason()).isEqualTo("UNKNOWN_PARAMETER");
        assertThat(rejected.get(1).nearest()).contains("optional_text");
        assertThat(explanation.binding().orElseThrow().bound()).hasSize(1);
    }

    @Test
    void parameterThatThePolicyPassesOverIsIgnored() {
        var explanation = explain("path=/v1/shapes:lenient?nothing=1");
        assertThat(explanation.binding().orElseThrow().bound())
                .containsExactly(new Bound(Source.IGNORED, "nothing", "", "1"));
    }

    @Test
    void lessSpecificRuleIsANearMiss() {
        var explanation = explain("path=/v1/tail/a:verb");
        assertThat(explanation.route().orElseThrow()).hasToString("GET /v1/tail/{text=**}:verb");
        assertThat(explanation.nearMisses())
                .extracting(nearMiss -> nearMiss.route().toString())
                .containsExactly("GET /v1/tail/{text=**}");
    }

    @Test
    void otherMethodsOfThePathAreTold() {
        var explanation = explain("method=POST&path=/v1/shapes");
        assertThat(explanation.outcome()).isEqualTo(Outcome.METHOD_NOT_ALLOWED);
        assertThat(explanation.allow()).containsExactly("GET", "HEAD");
        assertThat(explanation.nearMisses()).hasSize(1);
    }

    @Test
    void nearestPathsAreTold() {
        var explanation = explain("path=/v1/shape");
        assertThat(explanation.outcome()).isEqualTo(Outcome.NOT_FOUND);
        assertThat(explanation.nearMisses())
                .extracting(nearMiss -> nearMiss.route().toString())
                .contains("GET /v1/shapes");
    }

    @Test
    void brokenEscapesAreTold() {
        assertThat(explain("path=/v1/%25zz").outcome()).isEqualTo(Outcome.MALFORMED);
        assertThat(explain("path=/v1/shapes?text=%25zz").outcome()).isEqualTo(Outcome.MALFORMED);
    }

    @Test
    void questionWithoutAPathIsRefused() {
        assertThatThrownBy(() -> RequestLine.parse("method=GET"))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("path");
    }
}
