/// Tests of `dev.heddle.http.websocket`, most of them byte for byte over a socket.
@NullMarked
package dev.heddle.http.websocket;

import org.jspecify.annotations.NullMarked;
