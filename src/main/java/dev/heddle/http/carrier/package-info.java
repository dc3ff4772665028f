/// What carriers have in common: the bounds of a server, answers where no facade gives one, and the
/// watch over connections that take too long and peers that go away.
@NullMarked
package dev.heddle.http.carrier;

import org.jspecify.annotations.NullMarked;
