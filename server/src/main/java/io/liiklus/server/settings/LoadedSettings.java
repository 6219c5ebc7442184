package io.liiklus.server.settings;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageContext;
import io.liiklus.server.plugins.FoundFactory;
import io.liiklus.server.plugins.StorageFactories;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings in which nothing is wrong, and the storages that they choose. Closed after the storages
 * that it opened, as their classes may come from plugins. Confined to the thread that starts and
 * ends the process.
 */
public final class LoadedSettings implements AutoCloseable {

  private final ServerSettings server;
  private final SettingValues values;
  private final StorageFactories factories;
  private final FoundFactory<RecordsStorage> records;
  private final FoundFactory<PositionsStorage> positions;
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

  public FoundFactory<RecordsStorage> records() {
    return records;
  }

  public FoundFactory<PositionsStorage> positions() {
    return positions;
  }

  /** Whether what is published outlives this process. */
  public boolean areRecordsDurable() {
    return records.factory().isDurable();
  }

  /** Whether what is acknowledged outlives this process. */
  public boolean arePositionsDurable() {
    return positions.factory().isDurable();
  }

  /**
   * Opens the chosen storage.
   *
   * @throws SettingsException if the storage refuses a setting that it let pass before
   */
  public RecordsStorage openRecords(StorageContext context) {
    return open(records, context);
  }

  /**
   * Opens the chosen storage, before the one of records.
   *
   * @throws SettingsException if the storage refuses a setting that it let pass before
   */
  public PositionsStorage openPositions() {
    return open(positions, StorageContext.NONE);
  }

  private <S extends AutoCloseable> S open(FoundFactory<S> found, StorageContext context) {
    var findings = new Diagnostics();
    var view = new SettingsView(values, findings, found.settingsRoot());
    S storage = found.call(factory -> factory.open(view, context));
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
