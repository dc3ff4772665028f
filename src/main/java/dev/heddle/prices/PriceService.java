package dev.heddle.prices;

import com.google.protobuf.util.Durations;
import com.google.type.Money;
import dev.heddle.async.Gather;
import dev.heddle.async.Outcome;
import dev.heddle.async.Part;
import dev.heddle.async.Race;
import dev.heddle.prices.v1.GetFastestRequest;
import dev.heddle.prices.v1.ListOffersRequest;
import dev.heddle.prices.v1.ListOffersResponse;
import dev.heddle.prices.v1.Offer;
import dev.heddle.prices.v1.OfferOutcome;
import dev.heddle.prices.v1.PriceServiceGrpc;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.source.Sources;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Serves `heddle.prices.v1.PriceService`; what each method promises is in
/// `proto/heddle/prices/v1/prices.proto`.
public final class PriceService implements Rpcs.Service {
    private final List<Store> stores;
    private final Duration timeout;

    /// The stores.
    ///
    /// @param stores the address of each, by its name: where it says what a product costs, `{id}`
    ///   standing for the product, as a `google.type.Money` in JSON; default none; key
    ///   `prices.stores`
    /// @param timeout how long each has, all its tries included; more than zero, default 3 s; key
    ///   `prices.timeout`
    public record Settings(Map<String, String> stores, Duration timeout) {
        public static final Settings NONE = new Settings(Map.of(), Duration.ofSeconds(3));

        public Settings {
            if (!timeout.isPositive()) {
                throw new IllegalArgumentException(
                        "prices.timeout: %s (expected: > 0)".formatted(timeout));
            }
        }
    }

    public PriceService(Sources sources, Settings settings) {
        this.stores =
                settings.stores().entrySet().stream()
                        .map(each -> new Store(sources.source(each.getKey(), each.getValue())))
                        .toList();
        this.timeout = settings.timeout();
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(PriceServiceGrpc.getGetFastestMethod(), this::getFastest)
                .unary(PriceServiceGrpc.getListOffersMethod(), this::listOffers);
    }

    Offer getFastest(GetFastestRequest request, Call call) {
        if (stores.isEmpty()) {
            throw new RpcException(
                            Code.FAILED_PRECONDITION,
                            "no stores to ask (expected: some under prices.stores)")
                    .withReason("NO_STORES");
        }
        try (var race = Race.<Money>open()) {
            stores.forEach(
                    store -> race.enter(store.name(), timeout, () -> store.price(request.getId())));
            return race.winner()
                    .map(PriceService::offer)
                    .orElseThrow(() -> noOffer(request.getId(), race.entered()));
        }
    }

    ListOffersResponse listOffers(ListOffersRequest request, Call call) {
        try (var gather = Gather.open()) {
            var parts =
                    stores.stream()
                            .map(store ->
                                    gather.fork(
                                            store.name(),
                                            timeout,
                                            () -> store.price(request.getId())))
                            .toList();
            var response = ListOffersResponse.newBuilder();
            parts.forEach(part -> response.addOutcomes(outcome(part)));
            return response.build();
        }
    }

    private static Offer offer(Part<Money> winner) {
        return Offer.newBuilder()
                .setStore(winner.name())
                .setPrice(winner.value())
                .setDuration(Durations.fromNanos(winner.outcome().time().toNanos()))
                .build();
    }

    private static OfferOutcome outcome(Part<Money> part) {
        var outcome =
                OfferOutcome.newBuilder()
                        .setStore(part.name())
                        .setDuration(Durations.fromNanos(part.outcome().time().toNanos()));
        return switch (part.outcome()) {
            case Outcome.Success<Money> price -> outcome.setPrice(price.value()).build();
            case Outcome.Failure<Money> failure ->
                    outcome.setError(failure.reason().toStatus()).build();
        };
    }

    private static RpcException noOffer(String product, List<Part<Money>> losers) {
        var codes = new HashMap<String, String>();
        for (var loser : losers) {
            if (loser.outcome() instanceof Outcome.Failure<Money> failure) {
                codes.put(loser.name(), failure.reason().code().name());
            }
        }
        var nobodyHasIt = codes.values().stream().allMatch(Code.NOT_FOUND.name()::equals);
        return new RpcException(
                        nobodyHasIt ? Code.NOT_FOUND : Code.UNAVAILABLE,
                        "none of %d stores made an offer for product \"%s\""
                                .formatted(losers.size(), product))
                .withReason("NO_OFFER", codes);
    }
}
