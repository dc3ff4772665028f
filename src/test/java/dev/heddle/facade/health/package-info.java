@NullMarked
package dev.heddle.facade.health;

import org.jspecify.annotations.NullMarked;
