@NullMarked
package dev.heddle.http.h1;

import org.jspecify.annotations.NullMarked;
