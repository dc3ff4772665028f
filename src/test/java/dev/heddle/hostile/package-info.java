/// A load of hostile connections beside a client that means well: for a test, which holds that the
/// client loses nothing, and for `./heddle bench hostile`, which measures what it feels.
@NullMarked
package dev.heddle.hostile;

import org.jspecify.annotations.NullMarked;
