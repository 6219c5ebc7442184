package io.liiklus.cli.positions;

import io.liiklus.api.PositionsStorage;
import java.util.List;
import java.util.Optional;

/** Opens positions storages as the gateway's settings configure them. Immutable. */
public interface PositionsStorages {

  /**
   * Which storage, and where its settings are. Immutable.
   *
   * @param role what it is for
   * @param type empty: the one that the gateway would use
   * @param config the file of settings; empty: the usual one
   * @param isFileAlone whether the environment and the system properties do not count
   * @param isReadOnly whether nothing is written, so that the storage makes nothing either
   */
  record Source(
      StorageRole role,
      Optional<String> type,
      Optional<String> config,
      boolean isFileAlone,
      boolean isReadOnly) {}

  /** Storage that is open. Confined to the thread that opened it. */
  interface Opened extends AutoCloseable {

    /** For people. */
    String name();

    PositionsStorage storage();

    @Override
    void close();
  }

  /** Settings that no storage can be opened with. Immutable. */
  final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final List<String> problems;

    public RefusedException(List<String> problems) {
      super(String.join("; ", problems), null, false, false);
      this.problems = List.copyOf(problems);
    }

    /** A line each. */
    public List<String> problems() {
      return problems;
    }
  }

  /**
   * Opens a storage; it may not be connected yet.
   *
   * @throws RefusedException where the settings do not allow it
   */
  Opened open(Source source);
}
