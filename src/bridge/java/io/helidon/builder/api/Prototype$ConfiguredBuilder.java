package io.helidon.builder.api;

/// The interface that Helidon's DbClient 4.1 was compiled against and that Helidon's core dropped in 4.2. With it the
/// newest DbClient that can be had runs on the newer core. It goes when `helidon-dbclient.version` equals
/// `helidon.version`.
@SuppressWarnings("removal")
public interface Prototype$ConfiguredBuilder<BUILDER, PROTOTYPE> extends Prototype.Builder<BUILDER, PROTOTYPE> {
    BUILDER config(io.helidon.common.config.Config config);
}
