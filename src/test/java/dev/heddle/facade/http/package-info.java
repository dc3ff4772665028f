@NullMarked
package dev.heddle.facade.http;

import org.jspecify.annotations.NullMarked;
