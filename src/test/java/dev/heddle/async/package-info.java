@NullMarked
package dev.heddle.async;

import org.jspecify.annotations.NullMarked;
