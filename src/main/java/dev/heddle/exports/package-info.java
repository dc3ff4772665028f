/// The job type `export`: writes what there is much of into a file.
@NullMarked
package dev.heddle.exports;

import org.jspecify.annotations.NullMarked;
