@NullMarked
package dev.heddle.notifications;

import org.jspecify.annotations.NullMarked;
