package io.liiklus.launcher;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.cli.positions.PositionsStorages;
import io.liiklus.cli.positions.PositionsStorages.RefusedException;
import io.liiklus.cli.positions.StorageRole;
import io.liiklus.cli.records.RecordsStorages;
import io.liiklus.server.settings.Configuration;
import io.liiklus.server.settings.SettingsException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records storages as the gateway would open them, of its own settings. Immutable. */
public final class ConfiguredRecords implements RecordsStorages {

  private static final String RECORDS_LINE = StorageProblems.RECORDS + ":";
  private static final String POSITIONS_LINE = StorageProblems.POSITIONS + ":";

  private final ConfiguredPositions settings;

  /**
   * @param environment as {@link System#getenv} gives it
   * @param properties the system properties
   */
  public ConfiguredRecords(Map<String, String> environment, Map<String, String> properties) {
    this.settings = new ConfiguredPositions(environment, properties);
  }

  @Override
  public Opened open(Source source) {
    Configuration loaded = null;
    PositionsStorage positions = null;
    try {
      loaded = load(source);
      var problems = problems(loaded);
      if (!problems.isEmpty()) {
        throw refused(source, problems);
      }
      positions =
          loaded.openPositions(
              source.isReadOnly() ? ConfiguredPositions.READ_ONLY : StorageContext.NONE);
      var context = new Context(positions.coordination(), source.isReadOnly());
      return new OpenedStorages(source.role(), loaded, positions, loaded.openRecords(context));
    } catch (SettingsException refused) {
      close(positions, loaded);
      throw refused(source, refused.problems());
    } catch (IllegalArgumentException refused) {
      close(positions, loaded);
      throw refused(source, List.of(refused.getMessage()));
    } catch (StorageException failure) {
      close(positions, loaded);
      throw named(source, loaded, failure);
    } catch (RuntimeException failure) {
      close(positions, loaded);
      throw failure;
    }
  }

  private static RuntimeException named(
      Source source, Configuration loaded, StorageException failure) {
    var name = source.role().name(loaded.records().type(), loaded.recordsPlace());
    return source.isReadOnly() && failure.kind() == Kind.UNKNOWN_TOPIC
        ? new AbsentException(name, failure)
        : StorageProblems.named(failure, name);
  }

  private Configuration load(Source source) {
    var positionsType = source.positionsType().orElse(source.type());
    var arguments =
        List.of(
            "--%s=%s".formatted(StorageProblems.RECORDS, source.type()),
            "--%s=%s".formatted(StorageProblems.POSITIONS, positionsType));
    return settings.load(arguments, source.role(), source.config(), source.isFileAlone());
  }

  private static RefusedException refused(Source source, List<String> problems) {
    var role = source.role();
    boolean isOfRecords = problems.stream().anyMatch(line -> line.startsWith(RECORDS_LINE));
    // Without a type of their own positions have that of the records: one line is enough.
    boolean isOneEnough = isOfRecords && source.positionsType().isEmpty();
    var told =
        problems.stream().filter(line -> !isOneEnough || !line.startsWith(POSITIONS_LINE)).toList();
    return StorageProblems.refused(
        told,
        role,
        Map.of(
            StorageProblems.RECORDS,
            role.option(),
            StorageProblems.POSITIONS,
            role.positionsOption()));
  }

  /** Why others cannot open the records, or the positions. */
  private static List<String> problems(Configuration loaded) {
    return loaded.areRecordsDurable()
        ? ConfiguredPositions.problems(loaded)
        : List.of(
            StorageProblems.notDurable(
                StorageProblems.RECORDS,
                "records",
                loaded.records().type(),
                loaded.durableRecordsTypes()));
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
      StorageRole role,
      Configuration loaded,
      PositionsStorage positionsStorage,
      RecordsStorage records)
      implements Opened {

    @Override
    public String name() {
      return role.name(loaded.records().type(), place());
    }

    @Override
    public String place() {
      return loaded.recordsPlace();
    }

    @Override
    public PositionsStorages.Opened positions() {
      return new PositionsStorages.Opened() {
        @Override
        public String name() {
          return role.name(loaded.positions().type(), positionsPlace());
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
