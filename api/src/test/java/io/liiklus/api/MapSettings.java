package io.liiklus.api;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Settings for tests, from a plain map of texts that names every key that is read: there is no
 * {@code reference.conf} behind it. The only key that may be missing is a text, which is then
 * empty. An open map is given as {@code name.entry}, a key of a block in a list as {@code
 * name[0].key}, a text of a list as {@code name[0]}. What was refused or warned of, in sections
 * too, can be read back, as {@code "key: reason"}. Confined to one thread.
 */
public final class MapSettings implements Settings {

  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(-?\\d+) ?([A-Za-z]*)");
  private static final Map<String, Duration> TIMES =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "seconds", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));
  private static final Map<String, Long> SIZES =
      Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  private final Map<String, String> values;
  private final String prefix;
  private final List<String> refused;
  private final List<String> warned;

  public MapSettings(Map<String, String> values) {
    this(new TreeMap<>(values), "", new ArrayList<>(), new ArrayList<>());
  }

  private MapSettings(
      Map<String, String> values, String prefix, List<String> refused, List<String> warned) {
    this.values = values;
    this.prefix = prefix;
    this.refused = refused;
    this.warned = warned;
  }

  /** The same values and this one; what was refused is not carried over. */
  public MapSettings with(String key, String value) {
    var copy = new MapSettings(values);
    copy.values.put(key, value);
    return copy;
  }

  public List<String> refused() {
    return Collections.unmodifiableList(refused);
  }

  public List<String> warned() {
    return Collections.unmodifiableList(warned);
  }

  @Override
  public boolean isGiven(String key) {
    return !text(key).isBlank() || map(key).values().stream().anyMatch(text -> !text.isBlank());
  }

  @Override
  public String text(String key) {
    return values.getOrDefault(prefix + key, "");
  }

  @Override
  public boolean flag(String key) {
    var value = value(key);
    if (!value.equals("true") && !value.equals("false")) {
      refuse(key, "must be true or false");
    }
    return value.equals("true");
  }

  @Override
  public int integer(String key, int min, int max) {
    return bounded(key, Integer::valueOf, min, max);
  }

  @Override
  public long bytes(String key, long min, long max) {
    return bounded(key, text -> numberAndUnit(text, SIZES, (n, unit) -> n * unit), min, max);
  }

  @Override
  public Duration duration(String key, Duration min, Duration max) {
    return bounded(
        key, text -> numberAndUnit(text, TIMES, (n, unit) -> unit.multipliedBy(n)), min, max);
  }

  @Override
  public String choice(String key, String... allowed) {
    var text = value(key);
    for (var word : allowed) {
      if (word.equalsIgnoreCase(text.strip())) {
        return word;
      }
    }
    refuse(key, text + " is not allowed; " + String.join(" or ", allowed));
    return allowed[0];
  }

  @Override
  public Optional<Path> path(String key) {
    return text(key).isBlank() ? Optional.empty() : Optional.of(Path.of(text(key)));
  }

  @Override
  public Optional<Path> readableFile(String key) {
    var file = path(key);
    if (file.isPresent() && !Files.isReadable(file.get())) {
      refuse(key, "there is no readable file " + file.get());
      return Optional.empty();
    }
    return file;
  }

  @Override
  public MapSettings section(String key) {
    return new MapSettings(values, prefix + key + ".", refused, warned);
  }

  @Override
  public List<Settings> list(String key) {
    var blocks = new ArrayList<Settings>();
    for (int i = 0; hasBelow(prefix + key + "[" + i + "]."); i++) {
      blocks.add(section(key + "[" + i + "]"));
    }
    return blocks;
  }

  @Override
  public List<String> texts(String key) {
    var texts = new ArrayList<String>();
    for (int i = 0; values.containsKey(prefix + key + "[" + i + "]"); i++) {
      texts.add(text(key + "[" + i + "]").strip());
    }
    return texts;
  }

  private boolean hasBelow(String start) {
    return values.keySet().stream().anyMatch(name -> name.startsWith(start));
  }

  @Override
  public Map<String, String> map(String key) {
    var start = prefix + key + ".";
    var entries = new TreeMap<String, String>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(start)) {
            entries.put(name.substring(start.length()), value);
          }
        });
    return entries;
  }

  @Override
  public void refuse(String key, String reason) {
    refused.add(prefix + key + ": " + reason);
  }

  @Override
  public void warn(String key, String reason) {
    warned.add(prefix + key + ": " + reason);
  }

  private String value(String key) {
    var value = values.get(prefix + key);
    if (value == null) {
      throw new IllegalArgumentException("the test gives no value for the key " + prefix + key);
    }
    return value;
  }

  /** A value that does not fit is refused; the lower bound then stands for the default. */
  private <T extends Comparable<T>> T bounded(String key, Function<String, T> parse, T min, T max) {
    var text = value(key);
    T parsed;
    try {
      parsed = parse.apply(text);
    } catch (IllegalArgumentException notOne) {
      parsed = null;
    }
    if (parsed != null && parsed.compareTo(min) >= 0 && parsed.compareTo(max) <= 0) {
      return parsed;
    }
    refuse(key, "must be from " + min + " to " + max + ", is " + text);
    return min;
  }

  private interface Times<U, T> {
    T of(long number, U unit);
  }

  private static <U, T> T numberAndUnit(String text, Map<String, U> units, Times<U, T> times) {
    var matcher = NUMBER_AND_UNIT.matcher(text);
    if (!matcher.matches() || !units.containsKey(matcher.group(2))) {
      throw new IllegalArgumentException(text);
    }
    return times.of(Long.parseLong(matcher.group(1)), units.get(matcher.group(2)));
  }
}
