@NullMarked
package dev.heddle.facade.docs;

import org.jspecify.annotations.NullMarked;
