/// Tests of background work.
@org.jspecify.annotations.NullMarked
package dev.heddle.jobs;
