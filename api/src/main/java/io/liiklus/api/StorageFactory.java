package io.liiklus.api;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes storages of one kind. Found by {@link java.util.ServiceLoader} under the name of its kind's
 * interface, {@link RecordsStorageFactory} or {@link PositionsStorageFactory}; needs no argument. A
 * jar may have one of each under the same type and settings root. Immutable.
 *
 * @param <S> the kind of storage
 */
public interface StorageFactory<S extends AutoCloseable> {

  /** The name by which {@code storage.records.type} and the like ask for it, in capitals. */
  String type();

  /** The root of its settings, as in its {@code reference.conf}; in lower case. */
  String settingsRoot();

  /**
   * Keys of its root, such as {@code host}, that say where the storage is. Giving one of them
   * configures it. None: it has to be asked for by its type.
   */
  default List<String> configuredBy() {
    return List.of();
  }

  /**
   * Whether the operator configured this storage, so that it is chosen where no type is set. Opens
   * nothing and refuses nothing.
   */
  default boolean isConfigured(Settings settings) {
    return configuredBy().stream().anyMatch(settings::isGiven);
  }

  /**
   * Text that is the same for settings of one and the same place, and has no secrets; for commands
   * that open two storages. Opens nothing.
   */
  default String place(Settings settings) {
    return configuredBy().stream().map(settings::text).collect(Collectors.joining(" "));
  }

  /** Whether its contents outlive this process. */
  default boolean isDurable() {
    return true;
  }

  /** Reads all settings and {@linkplain Settings#refuse refuses} invalid ones. Opens nothing. */
  void check(Settings settings);

  /**
   * Opens the storage. A server that is away is no reason to fail: it is looked for in the
   * background.
   */
  S open(Settings settings, StorageContext context);
}
