@NullMarked
package dev.heddle.posts;

import org.jspecify.annotations.NullMarked;
