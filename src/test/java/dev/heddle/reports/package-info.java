/// Tests of [dev.heddle.reports].
@NullMarked
package dev.heddle.reports;

import org.jspecify.annotations.NullMarked;
