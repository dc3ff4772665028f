/// What those ask who operate a gateway: whether it lives and is ready, and what it counts.
///
/// [Health][dev.heddle.facade.health.Health] answers under `/health`, and
/// [Metrics][dev.heddle.facade.health.Metrics] under `/metrics`; both are reached through
/// [Endpoints][dev.heddle.facade.health.Endpoints], past the pipeline of calls: they need no
/// credentials and wait for no place.
@NullMarked
package dev.heddle.facade.health;

import org.jspecify.annotations.NullMarked;
