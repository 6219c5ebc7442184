package io.liiklus.launcher;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException;
import io.liiklus.cli.positions.PositionsStorages;
import io.liiklus.cli.positions.StorageRole;
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
      var problems = problems(loaded);
      if (!problems.isEmpty()) {
        throw refused(source, problems);
      }
      var context = source.isReadOnly() ? READ_ONLY : StorageContext.NONE;
      return new OpenedStorage(loaded, name(source, loaded), loaded.openPositions(context));
    } catch (SettingsException refused) {
      close(loaded);
      throw refused(source, refused.problems());
    } catch (IllegalArgumentException refused) {
      close(loaded);
      throw refused(source, List.of(refused.getMessage()));
    } catch (StorageException failure) {
      close(loaded);
      throw StorageProblems.named(failure, name(source, loaded));
    } catch (RuntimeException failure) {
      close(loaded);
      throw failure;
    }
  }

  private Configuration load(Source source) {
    var arguments = new ArrayList<String>();
    source
        .type()
        .ifPresent(
            type -> {
              arguments.add("--%s=%s".formatted(StorageProblems.POSITIONS, type));
              // Where records are does not matter, and what is configured may not say it alone.
              arguments.add("--%s=MEMORY".formatted(StorageProblems.RECORDS));
            });
    return load(arguments, source.role(), source.config(), source.isFileAlone());
  }

  /**
   * Reads the settings.
   *
   * @param arguments further ones of the command line
   */
  Configuration load(
      List<String> arguments, StorageRole role, Optional<String> config, boolean isFileAlone) {
    var parsed = CommandLine.parse(arguments.toArray(String[]::new));
    var option = isFileAlone ? role.configOption() : "--config";
    var commandLine = config.map(file -> parsed.withConfigFile(option, file)).orElse(parsed);
    return Configuration.loadForCommand(commandLine, environment, properties, isFileAlone);
  }

  private static RefusedException refused(Source source, List<String> problems) {
    Map<String, String> options =
        source.type().isPresent()
            ? Map.of(StorageProblems.POSITIONS, source.role().option())
            : Map.of();
    return StorageProblems.refused(problems, source.role(), options);
  }

  private static String name(Source source, Configuration loaded) {
    return source.role().name(loaded.positions().type(), loaded.positionsPlace());
  }

  /** Why others cannot open the positions. */
  static List<String> problems(Configuration loaded) {
    return loaded.arePositionsDurable()
        ? List.of()
        : List.of(
            StorageProblems.notDurable(
                StorageProblems.POSITIONS,
                "positions",
                loaded.positions().type(),
                loaded.durablePositionsTypes()));
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
  private record OpenedStorage(Configuration loaded, String name, PositionsStorage storage)
      implements Opened {

    @Override
    public void close() {
      storage.close();
      ConfiguredPositions.close(loaded);
    }
  }
}
