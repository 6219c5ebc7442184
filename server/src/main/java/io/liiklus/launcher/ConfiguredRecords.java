package io.liiklus.launcher;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageContext;
import io.liiklus.cli.positions.PositionsStorages;
import io.liiklus.cli.positions.PositionsStorages.RefusedException;
import io.liiklus.cli.records.RecordsStorages;
import io.liiklus.server.settings.CommandLine;
import io.liiklus.server.settings.Configuration;
import io.liiklus.server.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records storages as the gateway would open them, of its own settings. Immutable. */
public final class ConfiguredRecords implements RecordsStorages {

  private final Map<String, String> environment;
  private final Map<String, String> properties;

  /**
   * @param environment as {@link System#getenv} gives it
   * @param properties the system properties
   */
  public ConfiguredRecords(Map<String, String> environment, Map<String, String> properties) {
    this.environment = Map.copyOf(environment);
    this.properties = Map.copyOf(properties);
  }

  @Override
  public Opened open(Source source) {
    Configuration loaded = null;
    PositionsStorage positions = null;
    try {
      loaded = load(source);
      requireDurable(loaded);
      positions =
          loaded.openPositions(
              source.isReadOnly() ? ConfiguredPositions.READ_ONLY : StorageContext.NONE);
      var context = new Context(positions.coordination(), source.isReadOnly());
      return new OpenedStorages(loaded, positions, loaded.openRecords(context));
    } catch (SettingsException refused) {
      close(positions, loaded);
      throw new RefusedException(refused.problems());
    } catch (IllegalArgumentException refused) {
      close(positions, loaded);
      throw new RefusedException(List.of(refused.getMessage()));
    } catch (RuntimeException failure) {
      close(positions, loaded);
      throw failure;
    }
  }

  private Configuration load(Source source) {
    var arguments = new ArrayList<String>();
    source.config().ifPresent(file -> arguments.add("--config=" + file));
    arguments.add("--storage.records.type=" + source.type());
    arguments.add("--storage.positions.type=" + source.positionsType().orElse(source.type()));
    var commandLine = CommandLine.parse(arguments.toArray(String[]::new));
    return source.isFileAlone()
        ? Configuration.loadFileAlone(commandLine, environment, properties)
        : Configuration.loadPositions(commandLine, environment, properties);
  }

  private static void requireDurable(Configuration loaded) {
    if (!loaded.areRecordsDurable()) {
      throw new RefusedException(
          List.of(
              ("storage.records.type: records in %s are those of one gateway's process; a storage that"
                      + " others can open")
                  .formatted(loaded.records().type())));
    }
    ConfiguredPositions.requireDurable(loaded);
  }

  private static void close(PositionsStorage positions, Configuration loaded) {
    if (positions != null) {
      positions.close();
    }
    ConfiguredPositions.close(loaded);
  }

  /** Immutable. */
  private record Context(Optional<CoordinationStore> coordination, boolean isReadOnly)
      implements StorageContext {}

  /** Storages, and the settings that their classes come from. Confined to who opened them. */
  private record OpenedStorages(
      Configuration loaded, PositionsStorage positionsStorage, RecordsStorage records)
      implements Opened {

    @Override
    public String type() {
      return loaded.records().type();
    }

    @Override
    public String place() {
      return loaded.recordsPlace();
    }

    @Override
    public PositionsStorages.Opened positions() {
      return new PositionsStorages.Opened() {
        @Override
        public String type() {
          return loaded.positions().type();
        }

        @Override
        public PositionsStorage storage() {
          return positionsStorage;
        }

        @Override
        public void close() {
          // With the records.
        }
      };
    }

    @Override
    public String positionsPlace() {
      return loaded.positionsPlace();
    }

    @Override
    public void close() {
      records.close();
      ConfiguredRecords.close(positionsStorage, loaded);
    }
  }
}
