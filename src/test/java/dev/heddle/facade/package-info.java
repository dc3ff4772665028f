@NullMarked
package dev.heddle.facade;

import org.jspecify.annotations.NullMarked;
