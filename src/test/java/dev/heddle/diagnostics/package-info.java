/// Tests of the echo.
@NullMarked
package dev.heddle.diagnostics;

import org.jspecify.annotations.NullMarked;
