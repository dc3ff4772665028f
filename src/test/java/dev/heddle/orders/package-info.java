/// Tests of [dev.heddle.orders].
@NullMarked
package dev.heddle.orders;

import org.jspecify.annotations.NullMarked;
