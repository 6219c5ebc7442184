package io.liiklus.server.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Values of all keys after all sources were applied, the weakest first. Open maps are flat: the
 * names {@code a.b} and {@code a.b.c} stand beside each other. Confined to the thread that reads
 * the settings.
 */
final class MergedValues {

  /** Source of values. Immutable. */
  interface Source {

    /** Sets its values over those of weaker sources, and notes invalid names. */
    void applyTo(MergedValues values);
  }

  /**
   * A value from a source, without the white space around it: a value from a file of secrets ends
   * in a line break, and no key needs white space at its ends. Immutable.
   *
   * @param origin as in "from the environment variable GRPC_PORT", without the "from"
   */
  record Value(String text, String origin) {

    Value {
      text = text.strip();
    }

    private boolean isGiven() {
      return !text.isEmpty();
    }
  }

  private static final String LOST =
      "has bytes that are not UTF-8, or U+FFFD, which stands for such; where the locale is not"
          + " UTF-8, start with bin/liiklus or LC_ALL=C.UTF-8";

  private final KnownKeys known;
  private final DisabledPlugins disabled;
  private final Diagnostics diagnostics;
  private final Map<String, Value> values = new TreeMap<>();
  private final Map<String, Map<String, Value>> maps = new TreeMap<>();
  private final Map<String, Integer> lengths = new TreeMap<>();

  MergedValues(KnownKeys known, Diagnostics diagnostics) {
    this(known, DisabledPlugins.NONE, diagnostics);
  }

  MergedValues(KnownKeys known, DisabledPlugins disabled, Diagnostics diagnostics) {
    this.known = known;
    this.disabled = disabled;
    this.diagnostics = diagnostics;
  }

  KnownKeys known() {
    return known;
  }

  DisabledPlugins disabled() {
    return disabled;
  }

  Diagnostics diagnostics() {
    return diagnostics;
  }

  void set(String key, Value value) {
    requireText(key, value);
    values.put(key, value);
  }

  void set(KnownKeys.MapEntry entry, Value value) {
    requireText(entry.map() + "." + entry.name(), value);
    maps.computeIfAbsent(entry.map(), any -> new TreeMap<>()).put(entry.name(), value);
  }

  private void requireText(String key, Value value) {
    if (StartupContext.isLost(key) || StartupContext.isLost(value.text())) {
      diagnostics.refuse("%s: %s (from %s)".formatted(key, LOST, value.origin()));
    }
  }

  /** Sets the value of exactly this key; false where there is no such key. */
  boolean setExactly(String key, Value value) {
    if (known.hasKey(key)) {
      set(key, value);
      return true;
    }
    var entry = known.mapEntry(key);
    entry.ifPresent(found -> set(found, value));
    return entry.isPresent();
  }

  /**
   * Notes a key, or a block of keys, that does not exist.
   *
   * @param isShared whether others keep their values in the same place, under roots of their own
   */
  void passOver(String key, String origin, boolean isShared) {
    int dot = key.indexOf('.');
    boolean isOurs = dot > 0 && known.hasRoot(key.substring(0, dot));
    var ofPlugin = isOurs ? Optional.<String>empty() : disabled.reasonOfKey(key);
    if (ofPlugin.isPresent()) {
      diagnostics.refuse("%s: %s (from %s)".formatted(key, ofPlugin.get(), origin));
    } else if (LegacyKeys.isOne(key, known)) {
      diagnostics.warn(LegacyKeys.warning(key, origin));
    } else if (isOurs || !isShared) {
      diagnostics.refuse(known.unknown(key, origin));
    }
  }

  /** The value that somebody set, else the default. */
  String text(String key) {
    var value = values.get(key);
    return value == null ? known.defaultOf(key) : value.text();
  }

  /** Whether somebody set the key, or an entry of the open map, to something. */
  boolean isGiven(String key) {
    if (known.hasMap(key)) {
      return maps.getOrDefault(key, Map.of()).values().stream().anyMatch(Value::isGiven);
    }
    if (known.hasList(key)) {
      return lengthOf(key) > 0;
    }
    if (!known.hasKey(key)) {
      throw unknown(key);
    }
    return values.containsKey(key) && values.get(key).isGiven();
  }

  private static IllegalArgumentException unknown(String key) {
    return new IllegalArgumentException("no reference.conf has the key " + key);
  }

  /** Sets the length of a list. */
  void setLength(String list, int length) {
    lengths.put(list, length);
  }

  /** Number of blocks or texts of a list. */
  int lengthOf(String list) {
    if (!known.hasList(list)) {
      throw unknown(list);
    }
    return lengths.getOrDefault(list, 0);
  }

  /** Keys and entries of open maps below a root that somebody set to something, sorted. */
  List<String> setBelow(String root) {
    return all().entrySet().stream()
        .filter(set -> set.getKey().startsWith(root + ".") && !set.getValue().text().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The entries of an open map, by name. */
  Map<String, String> map(String key) {
    if (!known.hasMap(key)) {
      throw new IllegalArgumentException("no reference.conf has the open map " + key);
    }
    var texts = new TreeMap<String, String>();
    maps.getOrDefault(key, Map.of()).forEach((name, value) -> texts.put(name, value.text()));
    return texts;
  }

  /** A line about a key or a map's entry, with where its value comes from. */
  String line(String key, String reason) {
    var value = find(key);
    var origin = value == null ? "" : " (from " + value.origin() + ")";
    return key + ": " + reason + origin;
  }

  private Value find(String key) {
    return all().get(key);
  }

  /** All values by full keys. */
  private Map<String, Value> all() {
    var all = new TreeMap<>(values);
    maps.forEach((map, entries) -> entries.forEach((name, v) -> all.put(map + "." + name, v)));
    return all;
  }

  /**
   * Values that differ from the references, a line for each key, with its origin; secrets are
   * masked.
   */
  List<String> describe() {
    var lines = new ArrayList<String>();
    all()
        .forEach(
            (key, value) ->
                lines.add(
                    "%s = %s (from %s)"
                        .formatted(key, Redactor.show(key, value.text()), value.origin())));
    return lines;
  }
}
