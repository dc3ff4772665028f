/// Tests of [dev.heddle.catalog].
@NullMarked
package dev.heddle.catalog;

import org.jspecify.annotations.NullMarked;
