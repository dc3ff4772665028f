/// The job type `email`.
@NullMarked
package dev.heddle.emails;

import org.jspecify.annotations.NullMarked;
