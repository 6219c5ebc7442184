package io.liiklus.launcher;

import io.liiklus.api.StorageException;
import io.liiklus.cli.positions.PositionsStorages.RefusedException;
import io.liiklus.cli.positions.StorageRole;
import java.util.List;
import java.util.Map;

/** Problems of a storage as a command tells them: of which one, and by its options. Immutable. */
final class StorageProblems {

  static final String RECORDS = "storage.records.type";
  static final String POSITIONS = "storage.positions.type";

  private StorageProblems() {}

  /**
   * Settings that are refused.
   *
   * @param problems a line each, which begins with its key
   * @param options by the keys that the command itself has set by them
   */
  static RefusedException refused(
      List<String> problems, StorageRole role, Map<String, String> options) {
    return new RefusedException(
        problems.stream().map(problem -> line(problem, role, options)).toList());
  }

  private static String line(String problem, StorageRole role, Map<String, String> options) {
    int end = problem.indexOf(": ");
    var option = end < 0 ? null : options.get(problem.substring(0, end));
    if (option != null) {
      return option + problem.substring(end).replaceFirst(" \\(from the command line\\)$", "");
    }
    return problem.startsWith("--") ? problem : role.problem(problem);
  }

  /** A type whose contents others cannot open. */
  static String notDurable(String key, String what, String type, List<String> durable) {
    return "%s: %s in %s are those of one gateway's process; known are %s"
        .formatted(key, what, type, String.join(", ", durable));
  }

  /** The same failure, of a storage that is named. */
  static StorageException named(StorageException failure, String name) {
    return new StorageException(
        failure.kind(), name + ": " + failure.getMessage(), failure.getCause());
  }
}
