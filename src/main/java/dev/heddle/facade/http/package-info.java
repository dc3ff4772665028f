/// Methods over plain HTTP: JSON in, and JSON, NDJSON, server-sent events, CSV or any content out,
/// by the `google.api.http` rules in the contract.
///
/// Start at [HttpFacade][dev.heddle.facade.http.HttpFacade]. A unary call is served on the thread
/// of its exchange. A call that streams has two threads: its handler fills a
/// [ResponsePipe][dev.heddle.facade.http.ResponsePipe] on one of its own, and the exchange's thread
/// drains it to the peer, so that a slow peer and a silent handler never wait for each other.
@NullMarked
package dev.heddle.facade.http;

import org.jspecify.annotations.NullMarked;
