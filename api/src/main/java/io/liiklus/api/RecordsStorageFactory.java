package io.liiklus.api;

/** Makes a records storage. Found by {@link java.util.ServiceLoader}; needs no argument. */
public interface RecordsStorageFactory {

  /** The name by which {@code storage.records.type} asks for it, in capitals. */
  String type();

  /** The root of its settings, as in its {@code reference.conf}; in lower case. */
  String settingsRoot();

  /**
   * Reads all settings and {@linkplain Settings#refuse refuses} what is wrong with them. Opens
   * nothing.
   */
  void check(Settings settings);

  /**
   * Opens the storage. A server that is away is no reason to fail: it is looked for in the
   * background.
   */
  RecordsStorage open(Settings settings);
}
