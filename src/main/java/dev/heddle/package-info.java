/// The program: its command line, its configuration, and [Main], where everything is put together.
@NullMarked
package dev.heddle;

import org.jspecify.annotations.NullMarked;
