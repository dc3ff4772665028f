/// How an HTTP request becomes a request message: path, query and body, by the rules of
/// `google/api/http.proto`.
///
/// Start at [RequestBinder][dev.heddle.facade.bind.RequestBinder]. The format of the body is not
/// known here: a [RequestBody][dev.heddle.facade.bind.RequestBody] reads it.
@NullMarked
package dev.heddle.facade.bind;

import org.jspecify.annotations.NullMarked;
