package io.liiklus.server.settings;

import io.liiklus.server.plugins.PluginException;
import io.liiklus.server.plugins.StorageFactories;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads the settings and finds the storages that they ask for. */
public final class SettingsLoader {

  static final String MEMORY = "MEMORY";

  /** Set by the start script: the folder that {@code conf} and {@code plugins} are in. */
  private static final String HOME = "liiklus.home";

  private static final String CONFIG_FILE = "config.file";

  private final CommandLine commandLine;
  private final Map<String, String> environment;
  private final Map<String, String> properties;
  private final Path home;

  private SettingsLoader(
      CommandLine commandLine, Map<String, String> environment, Map<String, String> properties) {
    this.commandLine = commandLine;
    this.environment = environment;
    this.properties = properties;
    this.home = Path.of(properties.getOrDefault(HOME, ""));
  }

  /**
   * @throws SettingsException with all that is wrong
   */
  public static LoadedSettings load(
      CommandLine commandLine, Map<String, String> environment, Map<String, String> properties) {
    if (!commandLine.problems().isEmpty()) {
      throw new SettingsException(commandLine.problems());
    }
    try {
      return new SettingsLoader(commandLine, environment, properties).load();
    } catch (PluginException unusable) {
      throw new SettingsException(List.of(unusable.getMessage()));
    }
  }

  private LoadedSettings load() {
    var classPath = SettingsLoader.class.getClassLoader();
    // Where the plugins are is a setting; which settings there are depends on the plugins.
    var first = layers(References.load(classPath, List.of()));
    var factories =
        StorageFactories.find(
            home.resolve(first.values().get("plugins.dir").text()),
            first.values().get("plugins.pathMatcher").text());
    var references = References.load(classPath, factories.references());
    var layers = layers(references);

    var server = ServerSettings.read(root -> new SettingsView(root, layers, references));
    var types = types(layers);
    var records = factories.records(types.records());
    var recordsSettings = new SettingsView(records.settingsRoot(), layers, references);
    records.check(recordsSettings);
    var positions = factories.positions(types.positions());
    var positionsSettings = new SettingsView(positions.settingsRoot(), layers, references);
    positions.check(positionsSettings);
    if (!layers.problems().isEmpty()) {
      throw new SettingsException(layers.problems().stream().distinct().toList());
    }
    return new LoadedSettings(
        server,
        new LoadedSettings.Storage<>(records, recordsSettings),
        new LoadedSettings.Storage<>(positions, positionsSettings),
        file().map(file -> "the file " + file).orElse("no file"),
        List.copyOf(layers.warnings()),
        changed(layers, references));
  }

  private Layers layers(References references) {
    var layers = new Layers(references);
    file().ifPresent(layers::addFile);
    layers.addEnvironment(environment);
    layers.addSystemProperties(properties);
    layers.addCommandLine(commandLine.values());
    return layers;
  }

  private Optional<Path> file() {
    var named =
        commandLine.configFile() != null ? commandLine.configFile() : properties.get(CONFIG_FILE);
    try {
      if (named != null) {
        return Optional.of(Path.of(named));
      }
      return Optional.of(home.resolve("conf").resolve("liiklus.conf")).filter(Files::exists);
    } catch (InvalidPathException invalid) {
      throw new SettingsException(List.of("--config: " + named + " is no path"));
    }
  }

  private record Types(String records, String positions) {}

  /** Records that last with positions that do not are asked for by name or not at all. */
  private static Types types(Layers layers) {
    var records = text(layers, "storage.records.type");
    if (records.isEmpty()) {
      records = text(layers, "kafka.bootstrapServers").isEmpty() ? MEMORY : "KAFKA";
    }
    var positions = text(layers, "storage.positions.type");
    if (positions.isEmpty()) {
      boolean hasRedis =
          !text(layers, "redis.host").isEmpty() || !text(layers, "redis.uri").isEmpty();
      if (!hasRedis && !records.equals(MEMORY)) {
        layers
            .problems()
            .add(
                "storage.positions.type: is not set, and neither are redis.host and redis.uri;"
                    + " records would last and positions not. MEMORY asks for that by name");
      }
      positions = hasRedis ? "REDIS" : MEMORY;
    }
    return new Types(records, positions);
  }

  private static String text(Layers layers, String key) {
    var value = layers.values().get(key);
    return value == null ? "" : value.text().strip();
  }

  private static List<String> changed(Layers layers, References references) {
    var changed = new ArrayList<String>();
    layers
        .values()
        .forEach(
            (key, value) -> {
              if (!value.text().equals(references.defaults().get(key))) {
                changed.add(
                    key + "=" + Secrets.masked(key, value.text()) + " (" + value.origin() + ")");
              }
            });
    return changed;
  }
}
