package dev.heddle.search;

import dev.heddle.search.v1.Hit;
import dev.heddle.search.v1.Source;
import java.util.List;

/// Where is searched.
interface Index {
    Source source();

    /// What a caller must hold besides the scope of the search itself; empty: nothing.
    String scope();

    /// Whether there is something to ask.
    boolean isConfigured();

    /// The hits, the best first, without scores.
    ///
    /// @throws dev.heddle.rpc.RpcException why there are none to be had
    List<Hit> find(String query, int limit);
}
