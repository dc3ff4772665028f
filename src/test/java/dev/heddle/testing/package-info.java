/// What tests share: the databases that they run on, and clients that misbehave.
@NullMarked
package dev.heddle.testing;

import org.jspecify.annotations.NullMarked;
