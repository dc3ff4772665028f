@NullMarked
package dev.heddle.users;

import org.jspecify.annotations.NullMarked;
