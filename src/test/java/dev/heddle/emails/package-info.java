@org.jspecify.annotations.NullMarked
package dev.heddle.emails;
