package dev.heddle.prices;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import dev.heddle.demo.JsonServer;
import dev.heddle.demo.JsonServer.Reply;
import dev.heddle.prices.v1.GetFastestRequest;
import dev.heddle.prices.v1.ListOffersRequest;
import dev.heddle.prices.v1.ListOffersResponse;
import dev.heddle.prices.v1.Offer;
import dev.heddle.prices.v1.OfferOutcome.ResultCase;
import dev.heddle.prices.v1.PriceServiceGrpc;
import dev.heddle.source.Settings;
import dev.heddle.source.Sources;
import dev.heddle.testing.Calls;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PriceServiceTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Reply NEVER = new Reply(200, "{}", HOUR);
    private static final Reply UNKNOWN = new Reply(404, "{}", Duration.ZERO);
    private static final Reply DOWN = new Reply(503, "{}", Duration.ZERO);
    private static final Reply PRICE =
            Reply.of("{\"currencyCode\":\"EUR\",\"units\":\"12\",\"nanos\":500000000}");

    private final LinkedHashMap<String, JsonServer> stores = new LinkedHashMap<>();
    private final Sources sources = Sources.open(Settings.DEFAULT, new SimpleMeterRegistry());
    private Optional<Calls> opened = Optional.empty();

    @AfterEach
    void close() {
        sources.close();
        stores.values().forEach(JsonServer::close);
    }

    @Test
    void firstSuccessWinsThoughFailuresCameFirst() {
        store("down", DOWN);
        store("unknown", UNKNOWN);
        store("good", new Reply(200, PRICE.body(), Duration.ofMillis(300)));

        var offer = fastest();

        assertThat(offer.getStore()).isEqualTo("good");
        assertThat(offer.getPrice().getCurrencyCode()).isEqualTo("EUR");
        assertThat(offer.getPrice().getUnits()).isEqualTo(12);
        assertThat(offer.hasDuration()).isTrue();
    }

    @Test
    void losersSeeTheirConnectionsClosed() {
        var slow = store("slow", NEVER);
        var slower = store("slower", NEVER);
        // not before the others have been asked
        store(
                "quick",
                () -> {
                    awaitRequests(slow, 1);
                    awaitRequests(slower, 1);
                    return PRICE;
                });

        assertThat(fastest().getStore()).isEqualTo("quick");

        awaitAbandoned(slow);
        awaitAbandoned(slower);
    }

    @Test
    void callerWhoGoesTakesAllRequestsAlong() {
        var first = store("first", NEVER);
        var second = store("second", NEVER);
        var call = calls().open(PriceServiceGrpc.getGetFastestMethod(), Optional.empty());
        var failure =
                CompletableFuture.supplyAsync(() ->
                        Calls.failure(() ->
                                calls().run(
                                                call,
                                                PriceServiceGrpc.getGetFastestMethod(),
                                                request(),
                                                _ -> {})));
        awaitRequests(first, 1);
        awaitRequests(second, 1);

        call.cancelByCaller();

        assertThat(failure.join().code()).isEqualTo(Code.CANCELLED);
        awaitAbandoned(first);
        awaitAbandoned(second);
    }

    @Test
    void nobodyWhoHasTheProductIsNotFound() {
        store("one", UNKNOWN);
        store("two", UNKNOWN);

        var failure = Calls.failure(this::fastest);

        assertThat(failure.code()).isEqualTo(Code.NOT_FOUND);
        assertThat(failure.reason()).contains("NO_OFFER");
    }

    @Test
    void failuresAreNamedWhereNobodyMadeAnOffer() {
        store("one", UNKNOWN);
        store("two", DOWN);
        store("three", Reply.of("{\"currencyCode\":\"euro\",\"units\":\"1\"}"));

        var failure = Calls.failure(this::fastest);

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.detail(ErrorInfo.class).orElseThrow().getMetadataMap())
                .containsEntry("one", "NOT_FOUND")
                .containsEntry("two", "UNAVAILABLE")
                .containsEntry("three", "INTERNAL");
    }

    @Test
    void gatewayWithoutStoresSaysSo() {
        var failure = Calls.failure(this::fastest);

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(failure.reason()).contains("NO_STORES");
        assertThat(offers().getOutcomesList()).isEmpty();
    }

    @Test
    void everyStoreHasItsOutcome() {
        store("good", PRICE);
        store("down", DOWN);
        store("never", NEVER);
        store("unknown", UNKNOWN);
        store("nonsense", Reply.of("<html>"));

        var outcomes = offers().getOutcomesList();

        assertThat(outcomes)
                .extracting(outcome -> outcome.getStore())
                .containsExactlyElementsOf(stores.keySet());
        assertThat(outcomes.getFirst().getResultCase()).isEqualTo(ResultCase.PRICE);
        assertThat(outcomes.stream().skip(1).map(each -> each.getError().getCode()))
                .containsExactly(
                        Code.UNAVAILABLE.value(),
                        Code.DEADLINE_EXCEEDED.value(),
                        Code.NOT_FOUND.value(),
                        Code.INTERNAL.value());
        assertThat(outcomes).allMatch(outcome -> outcome.hasDuration());
    }

    private interface Replies {
        Reply next();
    }

    private JsonServer store(String name, Reply reply) {
        return store(name, () -> reply);
    }

    private JsonServer store(String name, Replies replies) {
        var server = JsonServer.start(_ -> replies.next());
        stores.put(name, server);
        return server;
    }

    private Calls calls() {
        if (opened.isEmpty()) {
            var addresses = new LinkedHashMap<String, String>();
            stores.forEach((name, server) -> addresses.put(name, server.address("/{id}/price")));
            opened =
                    Optional.of(
                            Calls.of(
                                    new PriceService(
                                            sources,
                                            new PriceService.Settings(addresses, TIMEOUT))));
        }
        return opened.get();
    }

    private Offer fastest() {
        return calls().unary(PriceServiceGrpc.getGetFastestMethod(), request());
    }

    private ListOffersResponse offers() {
        return calls().unary(
                        PriceServiceGrpc.getListOffersMethod(),
                        ListOffersRequest.newBuilder().setId("loom").build());
    }

    private static GetFastestRequest request() {
        return GetFastestRequest.newBuilder().setId("loom").build();
    }

    private static void awaitRequests(JsonServer server, int count) {
        while (server.requests() < count) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void awaitAbandoned(JsonServer server) {
        while (server.abandoned() == 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
