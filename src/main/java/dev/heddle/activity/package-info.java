/// What people do: recorded at once, logged and counted in the background.
@NullMarked
package dev.heddle.activity;

import org.jspecify.annotations.NullMarked;
