@NullMarked
package dev.heddle.db;

import org.jspecify.annotations.NullMarked;
