package io.liiklus.cli.records;

import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.cli.positions.PositionsStorages;
import io.liiklus.cli.positions.PositionsStorages.RefusedException;
import io.liiklus.cli.positions.StorageRole;
import java.util.Optional;

/** Opens records storages, with their positions, as the gateway's settings say. Immutable. */
public interface RecordsStorages {

  /**
   * Which storages, and where their settings are. Immutable.
   *
   * @param role what they are for
   * @param type of the records
   * @param positionsType of the positions; empty: that of the records
   * @param config the file of settings; empty: the usual one
   * @param isFileAlone whether the environment and the system properties do not count
   * @param isReadOnly whether nothing is written, so that the storages make nothing either
   */
  record Source(
      StorageRole role,
      String type,
      Optional<String> positionsType,
      Optional<String> config,
      boolean isFileAlone,
      boolean isReadOnly) {}

  /** Storages that are open. Confined to the thread that opened them. */
  interface Opened extends AutoCloseable {

    /** Of the records, for people. */
    String name();

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

  /** Storage that is opened to be read alone, and is not there. Immutable. */
  final class AbsentException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String name;

    /**
     * @param name of the storage, for people
     */
    public AbsentException(String name, StorageException reason) {
      super(name + ": " + reason.getMessage(), null, false, false);
      this.name = name;
    }

    public String name() {
      return name;
    }
  }

  /**
   * Opens storages; they may not be connected yet.
   *
   * @throws RefusedException where the settings do not allow it
   * @throws AbsentException where the records are opened to be read alone, and are not there
   * @throws StorageException where a storage cannot be used
   */
  Opened open(Source source);
}
