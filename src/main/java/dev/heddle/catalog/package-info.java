/// What the store sells: `heddle.catalog.v1.CatalogService`.
///
/// Begin with [CatalogService]; all SQL is in `CatalogStore`. [Stock] is for other features, which
/// take goods and give them back within transactions of their own.
@NullMarked
package dev.heddle.catalog;

import org.jspecify.annotations.NullMarked;
