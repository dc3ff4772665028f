@NullMarked
package dev.heddle.prices;

import org.jspecify.annotations.NullMarked;
