/// The Connect protocol: calls as ordinary HTTP requests, over any version of it.
///
/// Start at [ConnectFacade][dev.heddle.facade.connect.ConnectFacade]. A unary call is a request and
/// a response as they are, [UnaryMethod][dev.heddle.facade.connect.UnaryMethod]; in all others each
/// message has an envelope, [StreamMethod][dev.heddle.facade.connect.StreamMethod].
@NullMarked
package dev.heddle.facade.connect;

import org.jspecify.annotations.NullMarked;
