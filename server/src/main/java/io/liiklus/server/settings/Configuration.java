package io.liiklus.server.settings;

import com.typesafe.config.Config;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;
import io.liiklus.server.plugins.FoundAuthorizer;
import io.liiklus.server.plugins.FoundFactory;
import io.liiklus.server.plugins.ProcessorList;
import io.liiklus.server.plugins.StorageFactories;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All settings, valid, the storages that they choose, and the processors. Closed after the storages
 * that it opened, as their classes may come from plugins. Confined to the thread that starts and
 * ends the process.
 */
public final class Configuration implements AutoCloseable {

  private final MergedValues values;
  private final StorageFactories factories;
  private final FoundFactory<RecordsStorage> records;
  private final FoundFactory<PositionsStorage> positions;
  private final Optional<FoundAuthorizer> authorizer;
  private final String source;
  private final List<String> reasons;

  private Configuration(
      MergedValues values,
      StorageFactories factories,
      StorageChoice choice,
      Optional<FoundAuthorizer> authorizer,
      String source) {
    this.values = values;
    this.factories = factories;
    this.records = choice.records().orElseThrow();
    this.positions = choice.positions().orElseThrow();
    this.authorizer = authorizer;
    this.source = source;
    this.reasons = choice.reasons();
  }

  /**
   * Reads all settings, finds all storages and checks everything, once, at start. The caller closes
   * what it gets.
   *
   * @param environment as {@link System#getenv} gives it
   * @param properties the system properties; {@code liiklus.home} names the folder that holds
   *     {@code conf/} and {@code plugins/}, else it is the working directory
   * @param check reads what the gateway's own parts will read, and refuses what is wrong
   * @throws SettingsException that names all that is wrong; nothing is left open then
   */
  public static Configuration load(
      CommandLine commandLine,
      Map<String, String> environment,
      Map<String, String> properties,
      Consumer<Settings> check) {
    var classPath = Configuration.class.getClassLoader();
    return load(commandLine, new StartupContext(environment, properties, classPath), check);
  }

  /**
   * The same for a command that opens storages without serving.
   *
   * @param isFileAlone whether variables and properties set nothing but what the file takes from
   *     them by name: for a storage beside the one that they name
   */
  public static Configuration loadForCommand(
      CommandLine commandLine,
      Map<String, String> environment,
      Map<String, String> properties,
      boolean isFileAlone) {
    var classPath = Configuration.class.getClassLoader();
    var context = new StartupContext(environment, properties, classPath);
    List<MergedValues.Source> between = isFileAlone ? List.of() : surroundings(context);
    return load(commandLine, context, between, settings -> {}, false);
  }

  /** The same, from another class path. */
  static Configuration load(
      CommandLine commandLine, StartupContext context, Consumer<Settings> check) {
    return load(commandLine, context, surroundings(context), check, true);
  }

  static List<MergedValues.Source> surroundings(StartupContext context) {
    return List.of(
        new EnvironmentVariables(context.decoded(context.environment())),
        KeyValuePairs.systemProperties(context.decoded(context.properties())));
  }

  /**
   * @param surroundings sources between the file and the command line
   * @param isServing whether records are opened too, so that both storages have to fit together
   */
  private static Configuration load(
      CommandLine commandLine,
      StartupContext context,
      List<MergedValues.Source> surroundings,
      Consumer<Settings> check,
      boolean isServing) {
    var diagnostics = new Diagnostics();
    commandLine.problems().forEach(diagnostics::refuse);
    var file = ConfigFile.read(commandLine, context, diagnostics);
    var weakestFirst = new ArrayList<MergedValues.Source>();
    weakestFirst.add(file);
    weakestFirst.addAll(surroundings);
    weakestFirst.add(KeyValuePairs.commandLine(context.decoded(commandLine.values())));

    // Twice: plugins bring references of their own, and settings say where the plugins are.
    var reference = ReferenceConfigs.ofClassPath(context.classPath());
    var first = merged(reference, weakestFirst, DisabledPlugins.NONE, new Diagnostics());
    var jars = PluginFolder.read(new SettingsView(first, diagnostics, ""), context).jars();
    var factories = StorageFactories.find(context.classPath(), jars);
    var disabled = DisabledPlugins.of(context.home(), jars, diagnostics);
    try {
      factories.problems().forEach(diagnostics::refuse);
      var whole = ReferenceConfigs.withPlugins(reference, factories.plugins(), diagnostics);
      var values = merged(whole, weakestFirst, disabled, diagnostics);
      check.accept(new SettingsView(values, diagnostics, ""));
      var choice = new StorageChoice(values, factories, isServing);
      choice.check();
      var settings = new PluginSettings(values);
      settings.configure(factories.processors());
      var authorizer = settings.configure(factories.authorizers());
      if (!diagnostics.refusals().isEmpty()) {
        throw new SettingsException(diagnostics.refusals(), diagnostics.warnings());
      }
      return new Configuration(values, factories, choice, authorizer, file.description());
    } catch (RuntimeException failure) {
      closeBeside(failure, factories);
      throw failure;
    }
  }

  private static MergedValues merged(
      Config reference,
      List<MergedValues.Source> weakestFirst,
      DisabledPlugins disabled,
      Diagnostics diagnostics) {
    var values = new MergedValues(KnownKeys.of(reference), disabled, diagnostics);
    weakestFirst.forEach(source -> source.applyTo(values));
    return values;
  }

  private static void closeBeside(Throwable failure, AutoCloseable closing) {
    try {
      closing.close();
    } catch (Exception another) {
      failure.addSuppressed(another);
    }
  }

  /** All settings, each by its full key. */
  public Settings settings() {
    return new SettingsView(values, values.diagnostics(), "");
  }

  public FoundFactory<RecordsStorage> records() {
    return records;
  }

  public FoundFactory<PositionsStorage> positions() {
    return positions;
  }

  /** Whether published records outlive this process. */
  public boolean areRecordsDurable() {
    return records.factory().isDurable();
  }

  /** Types of storages whose records outlive the process. */
  public List<String> durableRecordsTypes() {
    return factories.records().durableTypes();
  }

  /** Types of storages whose positions outlive the process. */
  public List<String> durablePositionsTypes() {
    return factories.positions().durableTypes();
  }

  /** Whether stored positions outlive this process. */
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
  public PositionsStorage openPositions(StorageContext context) {
    return open(positions, context);
  }

  /** The same text for settings of one and the same records storage. */
  public String recordsPlace() {
    return place(records);
  }

  /** The same text for settings of one and the same positions storage. */
  public String positionsPlace() {
    return place(positions);
  }

  private <S extends AutoCloseable> String place(FoundFactory<S> found) {
    var view = new SettingsView(values, new Diagnostics(), found.settingsRoot());
    return found.type() + " " + found.call(factory -> factory.place(view)).strip();
  }

  private <S extends AutoCloseable> S open(FoundFactory<S> found, StorageContext context) {
    var diagnostics = new Diagnostics();
    var view = new SettingsView(values, diagnostics, found.settingsRoot());
    S storage = found.call(factory -> factory.open(view, context));
    if (diagnostics.refusals().isEmpty()) {
      return storage;
    }
    var refused = new SettingsException(diagnostics.refusals(), diagnostics.warnings());
    closeBeside(refused, storage);
    throw refused;
  }

  /** Those of the class path and of plugins, which have read their settings. */
  public ProcessorList processors() {
    return factories.processors();
  }

  /** That of a plugin, which has read its settings; empty where rules decide, or nobody does. */
  public Optional<FoundAuthorizer> authorizer() {
    return authorizer;
  }

  /** Which file was read, or that there was none. */
  public String source() {
    return source;
  }

  /** Warnings for the log, a line each. */
  public List<String> warnings() {
    return values.diagnostics().warnings();
  }

  /**
   * Values that differ from the references, with their sources, a line for each key; secrets are
   * masked.
   */
  public List<String> changed() {
    var lines = new ArrayList<>(values.describe());
    lines.addAll(reasons);
    return List.copyOf(lines);
  }

  /** Closes the processors, and lets go of the plugins' jars. */
  @Override
  public void close() throws IOException {
    factories.close();
  }
}
