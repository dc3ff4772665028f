package dev.heddle.prices;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.google.type.Money;
import dev.heddle.rpc.RpcException;
import dev.heddle.source.Source;
import io.grpc.Status.Code;

/// A store that says what things cost.
final class Store {
    private static final int NANOS_PER_UNIT = 1_000_000_000;

    private final Source source;
    private final JsonFormat.Parser parser = JsonFormat.parser().ignoringUnknownFields();

    Store(Source source) {
        this.source = source;
    }

    String name() {
        return source.name();
    }

    /// What a product costs.
    ///
    /// @throws RpcException NOT_FOUND, and whatever else a [Source] fails of
    Money price(String product) {
        var body = source.hedged(product);
        try {
            var price = Money.newBuilder();
            parser.merge(body, price);
            if (isPrice(price.build())) {
                return price.build();
            }
        } catch (InvalidProtocolBufferException e) {
            throw unreadable().withCause(e);
        }
        throw unreadable();
    }

    private static boolean isPrice(Money money) {
        return money.getCurrencyCode().matches("[A-Z]{3}")
                && money.getUnits() >= 0
                && money.getNanos() >= 0
                && money.getNanos() < NANOS_PER_UNIT;
    }

    private static RpcException unreadable() {
        return new RpcException(Code.INTERNAL, "the store's answer is no price")
                .withReason(Source.BROKEN);
    }
}
