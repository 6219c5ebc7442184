package io.liiklus.api;

import java.util.Optional;

/** Services of the gateway for a storage, and its use, beside its settings. Thread-safe. */
public interface StorageContext {

  /** A context that offers nothing: that of positions storages, which are opened first. */
  StorageContext NONE = Optional::empty;

  /**
   * Coordination store of the positions storage. A storage that shares a log among gateways, and
   * has no coordination store of its own, refuses to open without one. A storage whose log belongs
   * to this process alone never uses it: two such logs must not share a group.
   */
  Optional<CoordinationStore> coordination();

  /**
   * Whether the storage is opened to be read alone, as by a command that exports: then it makes
   * nothing that is not there, and fails with {@link StorageException.Kind#UNKNOWN_TOPIC} where a
   * write would make what it reads.
   */
  default boolean isReadOnly() {
    return false;
  }
}
