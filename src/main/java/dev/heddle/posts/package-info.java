/// Posts and comments: `heddle.posts.v1.PostService`.
///
/// Begin with [PostService]; all SQL is in `PostStore` and `CommentStore`.
@NullMarked
package dev.heddle.posts;

import org.jspecify.annotations.NullMarked;
