/// Tests of the carrier over real sockets.
@NullMarked
package dev.heddle.http.helidon;

import org.jspecify.annotations.NullMarked;
