/// What a gateway tells of itself: its methods as OpenAPI 3.1, its descriptors and `.proto` files
/// for those who generate stubs, and why a request goes where it goes.
///
/// Start at [Docs][dev.heddle.facade.docs.Docs]. All of it is made from the descriptors of the
/// methods that are served, so that it can't say anything else than what is served; the comments
/// alone come from a descriptor set that the build writes.
@NullMarked
package dev.heddle.facade.docs;

import org.jspecify.annotations.NullMarked;
