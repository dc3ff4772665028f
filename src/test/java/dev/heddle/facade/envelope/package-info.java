@NullMarked
package dev.heddle.facade.envelope;

import org.jspecify.annotations.NullMarked;
