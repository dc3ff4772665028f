@NullMarked
package dev.heddle.documents;

import org.jspecify.annotations.NullMarked;
