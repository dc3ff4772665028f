/// `./heddle bench http2`: one gRPC service on several HTTP/2 servers, each in a process of its
/// own, under the load of h2load. It starts at [Http2Bench]; what runs in the servers' processes
/// starts at [ServerMain].
@NullMarked
package dev.heddle.bench.http2;

import org.jspecify.annotations.NullMarked;
