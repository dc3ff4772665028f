/// Believable data and live traffic, over the public API alone: what `./heddle demo` runs.
@NullMarked
package dev.heddle.demo;

import org.jspecify.annotations.NullMarked;
