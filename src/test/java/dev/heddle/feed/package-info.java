@NullMarked
package dev.heddle.feed;

import org.jspecify.annotations.NullMarked;
