/// Which method a path means: the `google.api.http` rules of all methods, compiled at start into
/// one [RouteTable][dev.heddle.facade.route.RouteTable].
///
/// A [Match][dev.heddle.facade.route.Match] is all that a request line says of its route; what the
/// request's parts mean for the message is the next package's, `dev.heddle.facade.bind`.
@NullMarked
package dev.heddle.facade.route;

import org.jspecify.annotations.NullMarked;
