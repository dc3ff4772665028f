/// Who a caller is, and the secrets of a data folder.
@NullMarked
package dev.heddle.security;

import org.jspecify.annotations.NullMarked;
