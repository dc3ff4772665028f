@NullMarked
package dev.heddle.facade.connect;

import org.jspecify.annotations.NullMarked;
