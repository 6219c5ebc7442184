package io.liiklus.server.settings;

import io.liiklus.api.StorageFactory;
import io.liiklus.server.plugins.FactoryList;
import io.liiklus.server.plugins.FoundFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The settings of storages, each below the root of its factory, which says whether it is configured
 * by them and whether they are right. Confined to the thread that reads the settings.
 */
final class StorageSettings {

  private final MergedValues values;

  StorageSettings(MergedValues values) {
    this.values = values;
  }

  /** The full keys that configure these storages. */
  static List<String> keys(List<? extends FoundFactory<?>> found) {
    return found.stream()
        .flatMap(
            one -> one.factory().configuredBy().stream().map(k -> one.settingsRoot() + "." + k))
        .sorted()
        .distinct()
        .toList();
  }

  <S extends AutoCloseable> List<FoundFactory<S>> configured(FactoryList<S> list) {
    var configured = new ArrayList<FoundFactory<S>>();
    for (var found : list.all()) {
      if (ask(found, factory -> factory.isConfigured(view(found))).orElse(false)) {
        configured.add(found);
      }
    }
    return configured;
  }

  /** The reason why a storage counts as configured. */
  String why(FoundFactory<?> found) {
    var given = keys(List.of(found)).stream().filter(values::isGiven).toList();
    return given.isEmpty() ? "it is configured" : String.join(" and ", given) + " is set";
  }

  /** Has the factory check its settings. */
  <S extends AutoCloseable> void check(FoundFactory<S> found) {
    ask(
        found,
        factory -> {
          factory.check(view(found));
          return true;
        });
  }

  /** Warns of settings of storages that are not the chosen ones. */
  void warnOfUnused(List<String> roots, FoundFactory<?> ofRecords, FoundFactory<?> ofPositions) {
    var unused = new TreeSet<>(roots);
    unused.remove(ofRecords.settingsRoot());
    unused.remove(ofPositions.settingsRoot());
    for (var root : unused) {
      var keys = values.setBelow(root);
      if (!keys.isEmpty()) {
        values
            .diagnostics()
            .warn(
                "%s: no effect, as records are in %s and positions in %s"
                    .formatted(String.join(", ", keys), ofRecords.type(), ofPositions.type()));
      }
    }
  }

  private SettingsView view(FoundFactory<?> found) {
    return new SettingsView(values, values.diagnostics(), found.settingsRoot());
  }

  /** A factory that fails is a fault of its jar, and one of the lines for the operator. */
  private <S extends AutoCloseable, T> Optional<T> ask(
      FoundFactory<S> found, Function<StorageFactory<S>, T> question) {
    try {
      return Optional.of(found.call(question));
    } catch (RuntimeException | LinkageError failure) {
      values
          .diagnostics()
          .refuse(
              "%s: the storage %s from %s could not check its settings: %s"
                  .formatted(found.settingsRoot(), found.type(), found.origin(), failure));
      return Optional.empty();
    }
  }
}
