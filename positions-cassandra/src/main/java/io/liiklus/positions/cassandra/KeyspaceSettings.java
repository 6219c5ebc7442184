package io.liiklus.positions.cassandra;

import io.liiklus.api.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The keyspace, and what of it the gateway may make. Immutable.
 *
 * @param replicas of a keyspace that is made, by datacenter; by {@link #LOCAL} in the local one
 */
record KeyspaceSettings(
    String name, boolean isCreated, Map<String, Integer> replicas, boolean areTablesCreated) {

  /** Stands for the local datacenter, whose name may not be known. */
  static final String LOCAL = "";

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,47}");
  private static final Pattern ONE = Pattern.compile("[1-9]");
  private static final Pattern OF_DATACENTER = Pattern.compile("([\\w.-]+):([1-9])");

  /** Empty where a setting cannot be used; the settings have every reason. */
  static Optional<KeyspaceSettings> read(Settings settings) {
    var name = settings.text("keyspace");
    boolean isCreated = settings.flag("createKeyspace");
    boolean areTablesCreated = settings.flag("createTables");
    var replicas = replicas(settings);
    if (!NAME.matcher(name).matches()) {
      settings.refuse(
          "keyspace",
          "'" + name + "' is not allowed; a letter, then letters, digits and _, at most 48");
      return Optional.empty();
    }
    return replicas.map(found -> new KeyspaceSettings(name, isCreated, found, areTablesCreated));
  }

  private static Optional<Map<String, Integer>> replicas(Settings settings) {
    var text = settings.text("replication").strip();
    if (ONE.matcher(text).matches()) {
      return Optional.of(Map.of(LOCAL, Integer.parseInt(text)));
    }
    var replicas = new TreeMap<String, Integer>();
    for (var part : text.split(",", -1)) {
      var matcher = OF_DATACENTER.matcher(part.strip());
      if (!matcher.matches()
          || replicas.put(matcher.group(1), Integer.parseInt(matcher.group(2))) != null) {
        settings.refuse(
            "replication",
            "'%s' is not allowed; a number from 1 to 9, or one for each datacenter as dc1:3,dc2:3"
                .formatted(text));
        return Optional.empty();
      }
    }
    return Optional.of(replicas);
  }
}
