@NullMarked
package dev.heddle;

import org.jspecify.annotations.NullMarked;
