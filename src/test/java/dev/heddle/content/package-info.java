@NullMarked
package dev.heddle.content;

import org.jspecify.annotations.NullMarked;
