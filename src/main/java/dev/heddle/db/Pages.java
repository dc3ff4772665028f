package dev.heddle.db;

import dev.heddle.rpc.RpcException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a List method does (AIP-158): reads a filter, an order and a page token, has the store read
/// one item more than the page holds, and so knows whether there is a next.
public final class Pages {
    private static final int DEFAULT_SIZE = 50;
    private static final int MAX_SIZE = 1000;
    private static final String UNIQUE = "id";

    private final PageTokens tokens;

    public Pages(PageTokens tokens) {
        this.tokens = tokens;
    }

    /// What a caller asks for.
    ///
    /// @param columns what the filter and the order range over; among them `id`, which is unique
    /// @param filter by AIP-160
    /// @param orderBy by AIP-132; empty: by `id`
    /// @param size how many items at most: 0 means 50, and more than 1,000 means 1,000
    /// @param token of the page before; empty for the first page
    /// @param parameters all besides that must be the same for each page, the method first
    public record Request(
            Columns columns,
            String filter,
            String orderBy,
            int size,
            String token,
            List<String> parameters) {
        public Request {
            parameters = List.copyOf(parameters);
        }
    }

    /// Where items come from.
    @FunctionalInterface
    public interface Source<T> {
        /// The first items, by the order of a keyset, for which a condition holds.
        List<Listed<T>> read(Condition condition, Keyset keyset, int limit);
    }

    /// A page.
    ///
    /// @param nextToken the token of the next page; empty text on the last
    public record Page<T>(List<T> items, String nextToken) {
        public Page {
            items = List.copyOf(items);
        }
    }

    /// What a caller asks for of a list that has one order and no filter by fields.
    ///
    /// @param size as in [Request]
    /// @param token of the page before; empty for the first page
    /// @param parameters all besides that must be the same for each page, the method first
    public record Walk(int size, String token, List<String> parameters) {
        public Walk {
            parameters = List.copyOf(parameters);
        }
    }

    /// Where the items of such a list come from.
    ///
    /// @param <T> the items
    public interface Shelf<T> {
        /// The first items behind a place; at the beginning there is none.
        List<T> behind(List<String> place, int limit);

        /// The place of an item.
        List<String> place(T item);
    }

    /// How many items a page holds where a caller wants so many.
    public static int size(int wanted) {
        return wanted == 0 ? DEFAULT_SIZE : Math.min(wanted, MAX_SIZE);
    }

    /// Reads a page.
    ///
    /// @throws RpcException INVALID_ARGUMENT for a token that can't be read
    public <T> Page<T> read(Walk walk, Shelf<T> shelf) {
        var place =
                walk.token().isEmpty()
                        ? List.<String>of()
                        : tokens.decode(walk.token(), walk.parameters());
        var size = size(walk.size());
        var found = shelf.behind(place, size + 1);
        return new Page<>(
                found.stream().limit(size).toList(),
                found.size() > size
                        ? tokens.encode(walk.parameters(), shelf.place(found.get(size - 1)))
                        : "");
    }

    /// Reads a page.
    ///
    /// @throws RpcException INVALID_ARGUMENT for a filter, an order or a token that can't be read
    public <T> Page<T> read(Request request, Source<T> source) {
        var order = OrderBy.parse(request.orderBy(), request.columns());
        var keyset = Keyset.of(order, request.columns(), UNIQUE);
        var parameters = parameters(request);
        var condition =
                Filter.parse(request.filter(), request.columns())
                        .and(behind(request.token(), keyset, parameters));
        var size = size(request.size());
        var listed = source.read(condition, keyset, size + 1);
        var last =
                listed.size() > size
                        ? Optional.of(listed.get(size - 1))
                        : Optional.<Listed<T>>empty();
        return new Page<>(
                listed.stream().limit(size).map(Listed::item).toList(),
                last.map(item -> tokens.encode(parameters, item.position())).orElse(""));
    }

    private Condition behind(String token, Keyset keyset, List<String> parameters) {
        return token.isEmpty() ? Condition.TRUE : keyset.after(tokens.decode(token, parameters));
    }

    private static List<String> parameters(Request request) {
        var parameters = new ArrayList<>(request.parameters());
        parameters.add(request.filter());
        parameters.add(request.orderBy());
        return parameters;
    }
}
