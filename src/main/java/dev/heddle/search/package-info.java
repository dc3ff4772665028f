/// One search over several sources at once: `heddle.search.v1.SearchService`.
///
/// Begin with [SearchService]. What each feature finds it finds itself; here is who is asked, for
/// how long, and what becomes of the answers.
@NullMarked
package dev.heddle.search;

import org.jspecify.annotations.NullMarked;
