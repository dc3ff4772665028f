@NullMarked
package dev.heddle.files;

import org.jspecify.annotations.NullMarked;
