/// The program as people run it: processes of its own, their signals and their memory, and what
/// comes in from networks that mean harm.
@NullMarked
package dev.heddle.endtoend;

import org.jspecify.annotations.NullMarked;
