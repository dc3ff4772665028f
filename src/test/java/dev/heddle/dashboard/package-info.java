/// Tests of [dev.heddle.dashboard].
@NullMarked
package dev.heddle.dashboard;

import org.jspecify.annotations.NullMarked;
