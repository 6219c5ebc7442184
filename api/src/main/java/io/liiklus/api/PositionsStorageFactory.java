package io.liiklus.api;

/**
 * Factory of positions storages: the name of the kind for {@link java.util.ServiceLoader}.
 * Immutable.
 */
public interface PositionsStorageFactory extends StorageFactory<PositionsStorage> {}
