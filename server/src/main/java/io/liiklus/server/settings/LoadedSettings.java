package io.liiklus.server.settings;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.server.plugins.FoundFactory;
import io.liiklus.server.plugins.StorageFactories;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Settings in which nothing is wrong, and the storages that they choose. Closed after the storages
 * that it opened, as their classes may come from plugins. Confined to the thread that starts and
 * ends the process.
 */
public final class LoadedSettings implements AutoCloseable {

  private final ServerSettings server;
  private final SettingValues values;
  private final StorageFactories factories;
  private final FoundFactory<RecordsStorageFactory> records;
  private final FoundFactory<PositionsStorageFactory> positions;
  private final String source;
  private final List<String> reasons;

  /** The choice has both storages. */
  LoadedSettings(
      ServerSettings server,
      SettingValues values,
      StorageFactories factories,
      StorageChoice choice,
      String source) {
    this.server = server;
    this.values = values;
    this.factories = factories;
    this.records = choice.records().orElseThrow();
    this.positions = choice.positions().orElseThrow();
    this.source = source;
    this.reasons = choice.reasons();
  }

  public ServerSettings server() {
    return server;
  }

  public FoundFactory<RecordsStorageFactory> records() {
    return records;
  }

  public FoundFactory<PositionsStorageFactory> positions() {
    return positions;
  }

  /** Whether what is published is gone at exit. */
  public boolean isInMemory() {
    return records.type().equals(StorageChoice.MEMORY);
  }

  /** Whether what is acknowledged is gone at exit. */
  public boolean arePositionsInMemory() {
    return positions.type().equals(StorageChoice.MEMORY);
  }

  /**
   * Opens the chosen storage.
   *
   * @throws SettingsException if the storage refuses a setting that it let pass before
   */
  public RecordsStorage openRecords() {
    return open(records, RecordsStorageFactory::open);
  }

  /**
   * Opens the chosen storage.
   *
   * @throws SettingsException if the storage refuses a setting that it let pass before
   */
  public PositionsStorage openPositions() {
    return open(positions, PositionsStorageFactory::open);
  }

  private <F, S extends AutoCloseable> S open(
      FoundFactory<F> found, BiFunction<F, Settings, S> open) {
    var findings = new Diagnostics();
    var view = new SettingsView(values, findings, found.settingsRoot());
    S storage = found.call(factory -> open.apply(factory, view));
    if (findings.refusals().isEmpty()) {
      return storage;
    }
    var refused = new SettingsException(findings.refusals(), findings.warnings());
    try {
      storage.close();
    } catch (Exception failure) {
      refused.addSuppressed(failure);
    }
    throw refused;
  }

  /** Which file was read, or that there was none. */
  public String source() {
    return source;
  }

  /** What does not do what it seems to, a line each, for the log. */
  public List<String> warnings() {
    return values.findings().warnings();
  }

  /** What differs from the references and why, a line for each key; secrets are masked. */
  public List<String> changed() {
    var lines = new ArrayList<>(values.describe());
    lines.addAll(reasons);
    return List.copyOf(lines);
  }

  /** Lets go of the plugins' jars. */
  @Override
  public void close() throws IOException {
    factories.close();
  }
}
