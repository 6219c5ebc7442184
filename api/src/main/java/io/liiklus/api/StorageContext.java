package io.liiklus.api;

import java.util.Optional;

/** Services of the gateway for a storage, beside its settings. Thread-safe. */
public interface StorageContext {

  /** A context that offers nothing: that of positions storages, which are opened first. */
  StorageContext NONE = Optional::empty;

  /**
   * Coordination store of the positions storage. A storage that shares a log among gateways, and
   * has no coordination store of its own, refuses to open without one. A storage whose log belongs
   * to this process alone never uses it: two such logs must not share a group.
   */
  Optional<CoordinationStore> coordination();
}
