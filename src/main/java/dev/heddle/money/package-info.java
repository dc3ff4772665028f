/// Money as numbers: [dev.heddle.money.Amounts].
@NullMarked
package dev.heddle.money;

import org.jspecify.annotations.NullMarked;
