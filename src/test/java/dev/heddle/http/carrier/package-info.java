@NullMarked
package dev.heddle.http.carrier;

import org.jspecify.annotations.NullMarked;
