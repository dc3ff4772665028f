/// JSON documents in collections: `heddle.documents.v1.DocumentService`.
///
/// Begin with [DocumentService]; all SQL is in `DocumentStore`.
@NullMarked
package dev.heddle.documents;

import org.jspecify.annotations.NullMarked;
