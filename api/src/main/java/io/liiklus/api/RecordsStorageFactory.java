package io.liiklus.api;

/**
 * Factory of records storages: the name of the kind for {@link java.util.ServiceLoader}. Immutable.
 */
public interface RecordsStorageFactory extends StorageFactory<RecordsStorage> {}
