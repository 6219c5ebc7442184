package io.liiklus.server.settings;

import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.RecordsStorageFactory;
import io.liiklus.server.plugins.FoundFactory;
import io.liiklus.server.plugins.StorageFactories;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The two storages to use, by their types. Immutable.
 *
 * <p>Types that are not set follow from the keys that are; those belong to storages that may not
 * even be there, so they are known here by name alone.
 *
 * @param records empty where it could not be chosen, which was noted
 * @param positions empty where it could not be chosen, which was noted
 * @param reasons a line for each type that nobody set
 */
record StorageChoice(
    Optional<FoundFactory<RecordsStorageFactory>> records,
    Optional<FoundFactory<PositionsStorageFactory>> positions,
    List<String> reasons) {

  private static final String RECORDS_KEY = "storage.records.type";
  private static final String POSITIONS_KEY = "storage.positions.type";
  static final String MEMORY = "MEMORY";

  static StorageChoice of(SettingValues values, StorageFactories factories) {
    var reasons = new ArrayList<String>();
    var recordsType = recordsType(values, reasons);
    var records = factories.records(recordsType);
    if (records.isEmpty()) {
      refuseUnknown(values, RECORDS_KEY, recordsType, factories.recordsTypes());
    }
    var positionsType = positionsType(values, recordsType, reasons);
    var positions = positionsType.flatMap(factories::positions);
    if (positionsType.isEmpty() && records.isPresent()) {
      values
          .findings()
          .refuse(
              ("%s: is not set, and records of %s last: name where positions are kept, one of %s"
                      + " (MEMORY forgets them at a restart), or set redis.host or redis.uri")
                  .formatted(POSITIONS_KEY, recordsType, join(factories.positionsTypes())));
    } else if (positionsType.isPresent() && positions.isEmpty()) {
      refuseUnknown(values, POSITIONS_KEY, positionsType.get(), factories.positionsTypes());
    }
    return new StorageChoice(records, positions, reasons);
  }

  private static String recordsType(SettingValues values, List<String> reasons) {
    if (values.isGiven(RECORDS_KEY)) {
      return given(values, RECORDS_KEY);
    }
    boolean hasKafka = values.isGiven("kafka.bootstrapServers");
    var type = hasKafka ? "KAFKA" : MEMORY;
    reasons.add(
        "%s = %s (as kafka.bootstrapServers is %s)"
            .formatted(RECORDS_KEY, type, hasKafka ? "set" : "not set"));
    return type;
  }

  private static Optional<String> positionsType(
      SettingValues values, String recordsType, List<String> reasons) {
    if (values.isGiven(POSITIONS_KEY)) {
      return Optional.of(given(values, POSITIONS_KEY));
    }
    for (var key : List.of("redis.host", "redis.uri")) {
      if (values.isGiven(key)) {
        reasons.add(POSITIONS_KEY + " = REDIS (as " + key + " is set)");
        return Optional.of("REDIS");
      }
    }
    if (!recordsType.equals(MEMORY)) {
      return Optional.empty();
    }
    reasons.add(POSITIONS_KEY + " = " + MEMORY + " (as records are in memory too)");
    return Optional.of(MEMORY);
  }

  private static String given(SettingValues values, String key) {
    return values.text(key).strip().toUpperCase(Locale.ROOT);
  }

  private static void refuseUnknown(
      SettingValues values, String key, String type, List<String> types) {
    var reason = "there is no storage " + type + "; known are " + join(types);
    values.findings().refuse(values.line(key, reason));
  }

  private static String join(List<String> types) {
    return types.isEmpty() ? "none" : String.join(", ", types);
  }
}
