/// What helps to see whether a client, a proxy and the gateway understand each other: every kind of
/// method, at any pace, with any error.
@NullMarked
package dev.heddle.diagnostics;

import org.jspecify.annotations.NullMarked;
