/// Tests of `dev.heddle.facade.websocket`.
@NullMarked
package dev.heddle.facade.websocket;

import org.jspecify.annotations.NullMarked;
