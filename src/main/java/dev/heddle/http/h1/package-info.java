/// HTTP/1.1 on Helidon's extension point for protocols, and not by Helidon's own connection class.
/// That one has no time bounds, learns of a lost peer only by the next write, holds a whole chunk
/// of a body in memory, takes a length beside a transfer coding, and closes without a word on
/// HTTP/1.0; none of this can be put right from outside.
///
/// To begin with: [dev.heddle.http.h1.Http1Connection] serves one request after the other,
/// `ConnectionInput` reads the socket, `RequestHeadParser` is strict about what it finds there.
@NullMarked
package dev.heddle.http.h1;

import org.jspecify.annotations.NullMarked;
