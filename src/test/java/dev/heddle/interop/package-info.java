/// gRPC's own interoperability tests: its `TestService`, served by Heddle, called by its client.
@NullMarked
package dev.heddle.interop;

import org.jspecify.annotations.NullMarked;
