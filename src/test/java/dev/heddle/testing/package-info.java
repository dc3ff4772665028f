/// What tests share: the databases that they run on.
@NullMarked
package dev.heddle.testing;

import org.jspecify.annotations.NullMarked;
