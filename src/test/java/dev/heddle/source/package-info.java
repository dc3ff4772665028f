@NullMarked
package dev.heddle.source;

import org.jspecify.annotations.NullMarked;
