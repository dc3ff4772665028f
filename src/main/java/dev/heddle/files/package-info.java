/// Files, kept in the database: `heddle.files.v1.FileService`.
///
/// Begin with [FileService]. What is known of files is in `FileStore`, their bytes are in
/// `ContentStore`. Bytes come before their file and go after it: whose file is not there (yet, or
/// any more) are orphans, which `FileSweep` removes when they are due.
@NullMarked
package dev.heddle.files;

import org.jspecify.annotations.NullMarked;
