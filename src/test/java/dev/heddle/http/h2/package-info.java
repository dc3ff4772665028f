/// Tests of the HTTP/2 engine over real sockets, by clients that do what is forbidden.
@NullMarked
package dev.heddle.http.h2;

import org.jspecify.annotations.NullMarked;
