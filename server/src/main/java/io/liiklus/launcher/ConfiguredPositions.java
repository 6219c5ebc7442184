package io.liiklus.launcher;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageContext;
import io.liiklus.cli.positions.PositionsStorages;
import io.liiklus.server.settings.CommandLine;
import io.liiklus.server.settings.Configuration;
import io.liiklus.server.settings.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Positions storages as the gateway would open them, of its own settings. Immutable. */
public final class ConfiguredPositions implements PositionsStorages {

  static final StorageContext READ_ONLY =
      new StorageContext() {
        @Override
        public Optional<CoordinationStore> coordination() {
          return Optional.empty();
        }

        @Override
        public boolean isReadOnly() {
          return true;
        }
      };

  private final Map<String, String> environment;
  private final Map<String, String> properties;

  /**
   * @param environment as {@link System#getenv} gives it
   * @param properties the system properties
   */
  public ConfiguredPositions(Map<String, String> environment, Map<String, String> properties) {
    this.environment = Map.copyOf(environment);
    this.properties = Map.copyOf(properties);
  }

  @Override
  public Opened open(Source source) {
    Configuration loaded = null;
    try {
      loaded = load(source);
      requireDurable(loaded);
      var context = source.isReadOnly() ? READ_ONLY : StorageContext.NONE;
      return new OpenedStorage(loaded, loaded.openPositions(context));
    } catch (SettingsException refused) {
      close(loaded);
      throw new RefusedException(refused.problems());
    } catch (IllegalArgumentException refused) {
      close(loaded);
      throw new RefusedException(List.of(refused.getMessage()));
    } catch (RuntimeException failure) {
      close(loaded);
      throw failure;
    }
  }

  private Configuration load(Source source) {
    var arguments = new ArrayList<String>();
    source.config().ifPresent(file -> arguments.add("--config=" + file));
    source
        .type()
        .ifPresent(
            type -> {
              arguments.add("--storage.positions.type=" + type);
              // Where records are does not matter, and what is configured may not say it alone.
              arguments.add("--storage.records.type=MEMORY");
            });
    var commandLine = CommandLine.parse(arguments.toArray(String[]::new));
    return source.isFileAlone()
        ? Configuration.loadFileAlone(commandLine, environment, properties)
        : Configuration.loadPositions(commandLine, environment, properties);
  }

  static void requireDurable(Configuration loaded) {
    if (!loaded.arePositionsDurable()) {
      var type = loaded.positions().type();
      throw new RefusedException(
          List.of(
              "storage.positions.type: positions in "
                  + type
                  + " are those of one gateway's process; a storage that others can open"));
    }
  }

  static void close(Configuration loaded) {
    try {
      if (loaded != null) {
        loaded.close();
      }
    } catch (IOException notClosed) {
      // Jars of plugins that are read no more; the process ends soon.
    }
  }

  /** A storage, and the settings that its classes come from. Confined to who opened it. */
  private record OpenedStorage(Configuration loaded, PositionsStorage storage) implements Opened {

    @Override
    public String type() {
      return loaded.positions().type();
    }

    @Override
    public void close() {
      storage.close();
      ConfiguredPositions.close(loaded);
    }
  }
}
