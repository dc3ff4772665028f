/// What it costs to give the same messages to many.
@NullMarked
package dev.heddle.bench.feed;

import org.jspecify.annotations.NullMarked;
