package io.liiklus.server.settings;

import io.liiklus.api.Settings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Settings below one root. An invalid value is noted, with its source. Confined to the thread that
 * reads the settings.
 */
final class SettingsView implements Settings {

  private final MergedValues values;
  private final Diagnostics diagnostics;
  private final String root;

  SettingsView(MergedValues values, Diagnostics diagnostics, String root) {
    this.values = values;
    this.diagnostics = diagnostics;
    this.root = root;
  }

  private String full(String key) {
    return root.isEmpty() ? key : root + "." + key;
  }

  @Override
  public String text(String key) {
    return values.text(full(key));
  }

  @Override
  public boolean isGiven(String key) {
    return values.isGiven(full(key));
  }

  @Override
  public String choice(String key, String... allowed) {
    var words = List.of(allowed);
    return read(
        key,
        text -> words.stream().filter(text.strip()::equalsIgnoreCase).findFirst(),
        any -> true,
        String.join(" or ", words),
        words.get(0));
  }

  @Override
  public boolean flag(String key) {
    return choice(key, "false", "true").equals("true");
  }

  @Override
  public int integer(String key, int min, int max) {
    return read(
        key,
        Units::integer,
        value -> min <= value && value <= max,
        "a whole number from " + min + " to " + max,
        min);
  }

  @Override
  public long bytes(String key, long min, long max) {
    return read(
        key,
        Units::bytes,
        value -> min <= value && value <= max,
        "a size from %s to %s, as 1048576, 1 MiB or 1MB"
            .formatted(Units.show(min), Units.show(max)),
        min);
  }

  @Override
  public Duration duration(String key, Duration min, Duration max) {
    return read(
        key,
        Units::duration,
        value -> min.compareTo(value) <= 0 && value.compareTo(max) <= 0,
        "a time from %s to %s, with its unit: 500ms, 5s, 2m"
            .formatted(Units.show(min), Units.show(max)),
        min);
  }

  @Override
  public Optional<Path> path(String key) {
    var text = text(key);
    if (text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PathText.parse(text));
    } catch (InvalidPathException failure) {
      refuse(key, "is not a path: " + failure.getReason());
      return Optional.empty();
    }
  }

  @Override
  public Optional<Path> readableFile(String key) {
    var file = path(key);
    if (file.isPresent() && !isReadableFile(file.get())) {
      refuse(key, "there is no readable file " + Redactor.show(full(key), file.get().toString()));
      return Optional.empty();
    }
    return file;
  }

  private static boolean isReadableFile(Path file) {
    return Files.isReadable(file) && !Files.isDirectory(file);
  }

  @Override
  public SettingsView section(String key) {
    return new SettingsView(values, diagnostics, full(key));
  }

  @Override
  public List<Settings> list(String key) {
    var blocks = new ArrayList<Settings>();
    for (int i = 0; i < values.lengthOf(full(key)); i++) {
      blocks.add(section(KnownKeys.element(key, i)));
    }
    return blocks;
  }

  @Override
  public List<String> texts(String key) {
    var texts = new ArrayList<String>();
    for (int i = 0; i < values.lengthOf(full(key)); i++) {
      texts.add(text(KnownKeys.element(key, i)));
    }
    return texts;
  }

  @Override
  public Map<String, String> map(String key) {
    return values.map(full(key));
  }

  @Override
  public void refuse(String key, String reason) {
    diagnostics.refuse(values.line(full(key), reason));
  }

  @Override
  public void warn(String key, String reason) {
    diagnostics.warn(values.line(full(key), reason));
  }

  /**
   * @param allowed ends the line about a value that does not fit
   * @param last the value where not even the default fits
   */
  private <T> T read(
      String key, Function<String, Optional<T>> parse, Predicate<T> fits, String allowed, T last) {
    var text = text(key);
    var value = parse.apply(text).filter(fits);
    if (value.isPresent()) {
      return value.get();
    }
    if (text.isBlank()) {
      refuse(key, "has no value; " + allowed);
    } else {
      refuse(key, Redactor.show(full(key), text) + " is not allowed; " + allowed);
    }
    return parse.apply(values.known().defaultOf(full(key))).filter(fits).orElse(last);
  }
}
