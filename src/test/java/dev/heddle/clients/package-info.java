@NullMarked
package dev.heddle.clients;

import org.jspecify.annotations.NullMarked;
