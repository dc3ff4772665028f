@NullMarked
package dev.heddle.identity;

import org.jspecify.annotations.NullMarked;
