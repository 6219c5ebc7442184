package io.liiklus.server.settings;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.server.plugins.FactoryList;
import io.liiklus.server.plugins.FoundFactory;
import io.liiklus.server.plugins.StorageFactories;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Choice of the two storages. Types that are not set follow from the configured keys, as each
 * factory says. Confined to the thread that reads the settings.
 *
 * <pre>
 *   records     the only one that is configured; none: the default; several: refused
 *   positions   the only one that is configured beside the records' own; none: where the records
 *               are, if they can be kept there; several: refused
 * </pre>
 *
 * Two choices are only made by the name of the positions' type: records that outlive the process
 * with positions that do not, and positions that outlive it with records that do not. One is only
 * made by the name of the records' type: the default beside positions that are configured, since
 * those may be of other records, whose address is missing.
 */
final class StorageChoice {

  /** Type where no storage is configured; the only one named here. */
  private static final String DEFAULT_TYPE = "SQL";

  private static final String RECORDS_KEY = "storage.records.type";
  private static final String POSITIONS_KEY = "storage.positions.type";

  private final MergedValues values;
  private final boolean isServing;
  private final StorageFactories factories;
  private final StorageSettings settings;
  private final List<String> reasons = new ArrayList<>();
  private final Optional<FoundFactory<RecordsStorage>> records;
  private final Optional<FoundFactory<PositionsStorage>> positions;

  /** Whether the records are where they are since nobody said where. */
  private boolean areRecordsByDefault;

  /**
   * Chooses; notes what cannot be chosen, and why.
   *
   * @param isServing false: records are not opened, so positions may outlive them
   */
  StorageChoice(MergedValues values, StorageFactories factories, boolean isServing) {
    this.isServing = isServing;
    this.values = values;
    this.factories = factories;
    this.settings = new StorageSettings(values);
    this.records = chooseRecords(factories.records());
    this.positions = choosePositions(factories.positions());
  }

  /** Empty where none could be chosen. */
  Optional<FoundFactory<RecordsStorage>> records() {
    return records;
  }

  /** Empty where none could be chosen. */
  Optional<FoundFactory<PositionsStorage>> positions() {
    return positions;
  }

  /** A line for each type that nobody set. */
  List<String> reasons() {
    return List.copyOf(reasons);
  }

  private Optional<FoundFactory<RecordsStorage>> chooseRecords(FactoryList<RecordsStorage> list) {
    if (values.isGiven(RECORDS_KEY)) {
      return named(RECORDS_KEY, values.text(RECORDS_KEY), list);
    }
    var configured = settings.configured(list);
    if (!configured.isEmpty()) {
      return onlyOne(RECORDS_KEY, configured);
    }
    areRecordsByDefault = true;
    var keys = StorageSettings.keys(list.all());
    reasons.add(
        "%s = %s (as %s)"
            .formatted(
                RECORDS_KEY,
                DEFAULT_TYPE,
                switch (keys.size()) {
                  case 0 -> "no other is configured";
                  case 1 -> keys.get(0) + " is not set";
                  default -> "none of " + String.join(", ", keys) + " is set";
                }));
    return named(RECORDS_KEY, DEFAULT_TYPE, list);
  }

  private Optional<FoundFactory<PositionsStorage>> choosePositions(
      FactoryList<PositionsStorage> list) {
    if (values.isGiven(POSITIONS_KEY)) {
      var named = named(POSITIONS_KEY, values.text(POSITIONS_KEY), list);
      named.filter(this::outlivesRecords).ifPresent(this::warnOfOutliving);
      return named;
    }
    var configured = settings.configured(list);
    if (records.isEmpty()) {
      // The start fails anyway. The likely one is checked, so that its faults are named as well.
      return configured.size() == 1 ? Optional.of(configured.get(0)) : Optional.empty();
    }
    var ofRecords = records.get();
    configured.removeIf(found -> found.type().equals(ofRecords.type()) || !lasts(found));
    if (!configured.isEmpty()) {
      var only = onlyOne(POSITIONS_KEY, configured);
      only.ifPresent(this::refuseUnsetRecords);
      only.filter(this::outlivesRecords).ifPresent(found -> refuseOutliving(found, list));
      return only;
    }
    var same = list.find(ofRecords.type()).filter(this::lasts);
    if (same.isEmpty()) {
      refuseUnset(ofRecords.type(), list);
    } else if (outlivesRecords(same.get())) {
      refuseOutliving(same.get(), list);
    } else {
      var type = same.get().type();
      reasons.add("%s = %s (as records are in %s too)".formatted(POSITIONS_KEY, type, type));
    }
    return same;
  }

  /** Whether positions there last as long as the records. */
  private boolean lasts(FoundFactory<PositionsStorage> found) {
    return found.factory().isDurable() || !records.orElseThrow().factory().isDurable();
  }

  /**
   * Whether positions there are those of an earlier log after a restart. The new log gets offsets
   * from 0 as that one did, so no comparison of offsets shows it.
   */
  private boolean outlivesRecords(FoundFactory<PositionsStorage> found) {
    return isServing
        && found.factory().isDurable()
        && records.filter(ofRecords -> !ofRecords.factory().isDurable()).isPresent();
  }

  private void warnOfOutliving(FoundFactory<PositionsStorage> found) {
    var reason =
        "positions in %s outlive records in %s: after a restart groups skip new records up to them"
            .formatted(found.type(), records.orElseThrow().type());
    values.diagnostics().warn(values.line(POSITIONS_KEY, reason));
  }

  /** Positions of records whose address is missing would make groups skip those of the default. */
  private void refuseUnsetRecords(FoundFactory<PositionsStorage> found) {
    if (!isServing || !areRecordsByDefault) {
      return;
    }
    var remedies =
        factories.records().all().stream()
            .filter(one -> one.factory().isDurable() && !one.factory().configuredBy().isEmpty())
            .map(StorageChoice::keepingRecordsIn)
            .sorted();
    refuse(
        RECORDS_KEY,
        ("is not set, and positions in %s (as %s) may be of other records: groups would skip those"
                + " of this gateway; %s, or set it to %s if that is meant")
            .formatted(
                found.type(),
                settings.why(found),
                remedies.collect(Collectors.joining(", or ")),
                DEFAULT_TYPE));
  }

  private void refuseOutliving(
      FoundFactory<PositionsStorage> found, FactoryList<PositionsStorage> list) {
    var lasting = factories.records().all().stream().filter(one -> one.factory().isDurable());
    var remedies =
        Stream.concat(
            lasting.map(StorageChoice::keepingRecordsIn).sorted(),
            list.all().stream()
                .filter(one -> !one.factory().isDurable())
                .map(one -> "set it to " + one.type() + " to lose positions with the records")
                .sorted());
    refuse(
        POSITIONS_KEY,
        ("is not set, and positions in %s (as %s) outlive records in %s: after a restart groups"
                + " would skip new records; %s, or set it to %s if that is meant")
            .formatted(
                found.type(),
                settings.why(found),
                records.orElseThrow().type(),
                remedies.collect(Collectors.joining(", or ")),
                found.type()));
  }

  private static String keepingRecordsIn(FoundFactory<RecordsStorage> lasting) {
    var keys = StorageSettings.keys(List.of(lasting));
    return "keep records in %s%s"
        .formatted(
            lasting.type(), keys.isEmpty() ? "" : " (set " + String.join(" or ", keys) + ")");
  }

  private void refuseUnset(String recordsType, FactoryList<PositionsStorage> list) {
    var forgetful =
        list.all().stream()
            .filter(found -> !found.factory().isDurable())
            .map(found -> found.type() + " forgets them at a restart")
            .sorted()
            .toList();
    var keys = StorageSettings.keys(list.all());
    refuse(
        POSITIONS_KEY,
        "is not set, and records of %s last: name where positions are kept, one of %s%s%s"
            .formatted(
                recordsType,
                join(list.types()),
                forgetful.isEmpty() ? "" : " (" + String.join(", ", forgetful) + ")",
                keys.isEmpty() ? "" : ", or set " + String.join(" or ", keys)));
  }

  private <S extends AutoCloseable> Optional<FoundFactory<S>> named(
      String key, String type, FactoryList<S> list) {
    var found = list.find(type);
    if (found.isEmpty()) {
      var capitals = FactoryList.capitals(type);
      // Commands open what another process has left.
      var types = isServing ? list.types() : list.durableTypes();
      refuse(
          key,
          values
              .disabled()
              .reasonOfType(capitals)
              .orElseGet(
                  () -> "there is no storage %s; known are %s".formatted(capitals, join(types))));
    }
    return found;
  }

  private <S extends AutoCloseable> Optional<FoundFactory<S>> onlyOne(
      String key, List<FoundFactory<S>> configured) {
    if (configured.size() == 1) {
      var found = configured.get(0);
      reasons.add("%s = %s (as %s)".formatted(key, found.type(), settings.why(found)));
      return Optional.of(found);
    }
    var each =
        configured.stream().map(found -> found.type() + " as " + settings.why(found)).toList();
    refuse(key, "is not set, and several are configured: " + String.join(", ", each));
    return Optional.empty();
  }

  /** Has the chosen storages check their settings, and warns of settings of all others. */
  void check() {
    records.ifPresent(settings::check);
    positions.ifPresent(settings::check);
    if (records.isPresent() && positions.isPresent()) {
      settings.warnOfUnused(factories.settingsRoots(), records.get(), positions.get());
    }
  }

  private void refuse(String key, String reason) {
    values.diagnostics().refuse(values.line(key, reason));
  }

  private static String join(List<String> types) {
    return types.isEmpty() ? "none" : String.join(", ", types);
  }
}
