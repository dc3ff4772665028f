package dev.heddle.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.TestGateway;
import dev.heddle.reports.v1.GenerateReportRequest;
import dev.heddle.reports.v1.GetStatisticsRequest;
import dev.heddle.reports.v1.ReportServiceGrpc;
import dev.heddle.reports.v1.Statistics;
import dev.heddle.testing.Calls;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reports over gRPC and HTTP, at two gateways on one database.
@Timeout(60)
final class ReportTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TestPostgres.Database POSTGRES = TestPostgres.createDatabase();
    private static TestGateway one;
    private static TestGateway two;
    private static GatewayCalls here;
    private static GatewayCalls there;

    @BeforeAll
    static void open() throws Exception {
        one = TestGateway.open(POSTGRES).start();
        two = TestGateway.open(POSTGRES).start();
        here = new GatewayCalls(URI.create("http://127.0.0.1:" + one.port()), one.token());
        there = new GatewayCalls(URI.create("http://127.0.0.1:" + two.port()), two.token());
    }

    @AfterAll
    static void close() {
        here.close();
        there.close();
        one.close();
        two.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sales", "inventory", "users"})
    void reportIsADocumentInWhichDataAreText(String kind) throws Exception {
        var user =
                post(
                        "/v1/users",
                        """
                        {"email": "%d@example.com", "name": "\\"><img src=x onerror=alert(1)>"}
                        """
                                .formatted(System.nanoTime()));
        order(user, "<script>alert('x')</script>\\u0007");

        var response = here.get("/v1/reports/%s:generate".formatted(kind));
        var byGrpc = new StringBuilder();
        here.stream(
                        ReportServiceGrpc.getGenerateReportMethod(),
                        GenerateReportRequest.newBuilder().setKind(kind).build())
                .forEachRemaining(piece -> byGrpc.append(piece.getData().toStringUtf8()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type"))
                .contains("text/html; charset=utf-8");
        assertThat(response.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'sha256-");
        assertThat(response.body())
                .startsWith("<!DOCTYPE html>")
                .endsWith("</html>\n")
                .doesNotContain("<script", "<img", "\u0007")
                .contains(
                        kind.equals("users")
                                ? "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"
                                : "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\uFFFD");
        assertThat(withoutTime(byGrpc.toString())).isEqualTo(withoutTime(response.body()));
    }

    private static String withoutTime(String html) {
        return html.replaceFirst("<time.*</time>", "");
    }

    @Test
    void reportThatIsNotThereIsNotFound() throws Exception {
        var response = here.get("/v1/reports/nothing:generate");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("REPORT_NOT_FOUND", "sales, inventory, users");
        assertThat(here.get("/v1/reports/nothing/statistics").statusCode()).isEqualTo(404);
        assertThat(Calls.failure(() -> statistics(here, "nothing")).code())
                .isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void reportThatFailsOnItsWayIsNoCompleteResponse() throws Exception {
        execute("ALTER TABLE order_lines RENAME TO hidden_lines");
        try {
            assertThatThrownBy(() -> here.get("/v1/reports/sales:generate"))
                    .isInstanceOf(IOException.class);
            var stream =
                    here.stream(
                            ReportServiceGrpc.getGenerateReportMethod(),
                            GenerateReportRequest.newBuilder().setKind("sales").build());
            assertThat(stream.next().getContentType()).startsWith("text/html");
            assertThatThrownBy(() -> stream.forEachRemaining(_ -> {}))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Code.INTERNAL));
        } finally {
            execute("ALTER TABLE hidden_lines RENAME TO order_lines");
        }
    }

    @Test
    void statisticsSayWhetherTheyWereThereAndAreFreshAtEveryReplica() throws Exception {
        for (var i = 0; i < 5; i++) {
            order("ada", "Chair");
            var count = statistics(here, "sales").getSeries(0).getCount();
            assertThat(statistics(there, "sales").getSeries(0).getCount()).isEqualTo(count);
            order("ada", "Table");
            assertThat(statistics(there, "sales").getSeries(0).getCount()).isEqualTo(count + 1);
            assertThat(statistics(here, "sales").getSeries(0).getCount()).isEqualTo(count + 1);
        }

        var again = JSON.readTree(here.get("/v1/reports/sales/statistics").body());

        assertThat(again.get("cached").asBoolean()).isTrue();
        assertThat(again.get("age").asText()).endsWith("s");
        assertThat(again.at("/series/0/name").asText()).isEqualTo("EUR");
        assertThat(again.at("/series/0/count").asLong())
                .isEqualTo(statistics(there, "sales").getSeries(0).getCount());
    }

    @Test
    void answerSaysSoIfItWasNotThere() throws Exception {
        order("ada", "Chair");

        var fresh = JSON.readTree(here.get("/v1/reports/sales/statistics").body());

        assertThat(fresh.at("/cached").isBoolean()).isTrue();
        assertThat(fresh.at("/cached").asBoolean()).isFalse();
        assertThat(fresh.at("/age").asText()).isEqualTo("0s");
    }

    private static Statistics statistics(GatewayCalls calls, String kind) {
        return calls.grpc(
                ReportServiceGrpc.getGetStatisticsMethod(),
                GetStatisticsRequest.newBuilder().setKind(kind).build());
    }

    private static void order(String user, String product) throws Exception {
        var id =
                post(
                        "/v1/products",
                        """
                        {"name": "%s", "stock": 9, "price": {"currency_code": "EUR", "units": 5}}
                        """
                                .formatted(product));
        post(
                "/v1/orders",
                """
                {"user": "%s", "lines": [{"product": "%s", "quantity": 2}]}
                """
                        .formatted(user, id));
    }

    /// The id of what was made.
    private static String post(String target, String json) throws Exception {
        var response = here.send("POST", target, json);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body()).get("id").asText();
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = POSTGRES.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
