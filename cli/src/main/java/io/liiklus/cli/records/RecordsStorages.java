package io.liiklus.cli.records;

import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.cli.positions.PositionsStorages;
import io.liiklus.cli.positions.PositionsStorages.RefusedException;
import java.util.Optional;

/** Opens records storages, with their positions, as the gateway's settings say. Immutable. */
public interface RecordsStorages {

  /**
   * Which storages, and where their settings are. Immutable.
   *
   * @param type of the records
   * @param positionsType of the positions; empty: that of the records
   * @param config the file of settings; empty: the usual one
   * @param isFileAlone whether the environment and the system properties do not count
   * @param isReadOnly whether nothing is written, so that the storages make nothing either
   */
  record Source(
      String type,
      Optional<String> positionsType,
      Optional<String> config,
      boolean isFileAlone,
      boolean isReadOnly) {}

  /** Storages that are open. Confined to the thread that opened them. */
  interface Opened extends AutoCloseable {

    String type();

    /** The same text for one and the same storage. */
    String place();

    RecordsStorage records();

    /** Closed with this. */
    PositionsStorages.Opened positions();

    /** The same text for one and the same storage. */
    String positionsPlace();

    @Override
    void close();
  }

  /**
   * Opens storages; they may not be connected yet.
   *
   * @throws RefusedException where the settings do not allow it
   * @throws StorageException where a storage cannot be used; {@code UNKNOWN_TOPIC} where it is
   *     opened to be read alone and is not there
   */
  Opened open(Source source);
}
