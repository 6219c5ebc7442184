package io.liiklus.cli.positions;

import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * Options that say between which two storages something is copied. Confined to the thread that
 * parses, then on.
 */
public final class StoragePair {

  /** Where both are one. */
  public static final String SAME =
      "--from and --to name one storage; --from-config or --to-config names another";

  private static final String OF_ITS_OWN =
      " Of this storage alone; the environment and -D do not count for it then.";

  @Option(
      names = "--from",
      paramLabel = "TYPE",
      required = true,
      description = "The storage to read, as SQL.")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "TYPE",
      required = true,
      description = "The storage to write, as KAFKA.")
  private String to;

  @Option(
      names = "--from-config",
      paramLabel = "FILE",
      description = "Settings of the storage to read." + OF_ITS_OWN)
  private String fromConfig;

  @Option(
      names = "--to-config",
      paramLabel = "FILE",
      description = "Settings of the storage to write." + OF_ITS_OWN)
  private String toConfig;

  public String type(StorageRole role) {
    return role == StorageRole.SOURCE ? from : to;
  }

  /** The file of settings for it alone; empty where there is none. */
  public Optional<String> config(StorageRole role) {
    return Optional.ofNullable(role == StorageRole.SOURCE ? fromConfig : toConfig);
  }

  /** Whether both have one type. */
  boolean isOfOneType() {
    return from.equalsIgnoreCase(to);
  }
}
