/// People who have an account: `heddle.users.v1.UserService`.
///
/// Begin with [UserService]; all SQL is in `UserStore`.
@NullMarked
package dev.heddle.users;

import org.jspecify.annotations.NullMarked;
