/// What other stores ask for a product, of all of them at once.
@NullMarked
package dev.heddle.prices;

import org.jspecify.annotations.NullMarked;
