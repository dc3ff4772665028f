@NullMarked
package dev.heddle.events;

import org.jspecify.annotations.NullMarked;
