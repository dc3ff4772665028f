@NullMarked
package dev.heddle.facade.json;

import org.jspecify.annotations.NullMarked;
