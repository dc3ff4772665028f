package dev.heddle.catalog;

import dev.heddle.catalog.v1.Product;
import dev.heddle.db.Ids;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Map;
import java.util.UUID;

/// What is the same wherever products are spoken of.
public final class Products {
    /// As many of a product as there can be, and as many as a caller can ask for.
    static final int MAX_STOCK = 1_000_000_000;

    private Products() {}

    /// The id of a product that should be there.
    ///
    /// @throws RpcException NOT_FOUND, reason `PRODUCT_NOT_FOUND`, for text that is no product's id
    public static UUID parseId(String id) {
        return Ids.find(id).orElseThrow(() -> notFound(id));
    }

    static UUID id(Product product) {
        return UUID.fromString(product.getId());
    }

    static RpcException notFound(String id) {
        return new RpcException(Code.NOT_FOUND, "no product \"%s\"".formatted(id))
                .withReason("PRODUCT_NOT_FOUND", Map.of("id", id));
    }
}
