package io.liiklus.server.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.liiklus.api.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The settings below one root. Confined to the thread that loads. */
final class SettingsView implements Settings {

  private final String root;
  private final Layers layers;
  private final References references;

  SettingsView(String root, Layers layers, References references) {
    this.root = root;
    this.layers = layers;
    this.references = references;
  }

  @Override
  public String text(String key) {
    return value(key).text();
  }

  @Override
  public boolean flag(String key) {
    return parsed(
        key,
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true", "on", "yes" -> true;
              case "false", "off", "no" -> false;
              default -> null;
            },
        "true or false");
  }

  @Override
  public int integer(String key, int min, int max) {
    return parsed(
        key,
        text -> {
          int number = Integer.parseInt(text);
          return number < min || number > max ? null : number;
        },
        "a whole number from " + min + " to " + max);
  }

  @Override
  public long bytes(String key, long min, long max) {
    return parsed(
        key,
        text -> {
          long bytes = config(text).getBytes("value");
          return bytes < min || bytes > max ? null : bytes;
        },
        "a size from " + Sizes.text(min) + " to " + Sizes.text(max));
  }

  @Override
  public Duration duration(String key, Duration min, Duration max) {
    return parsed(
        key,
        text -> {
          var duration = config(text).getDuration("value");
          return duration.compareTo(min) < 0 || duration.compareTo(max) > 0 ? null : duration;
        },
        "a time from " + Sizes.text(min) + " to " + Sizes.text(max));
  }

  @Override
  public Map<String, String> map(String key) {
    var prefix = root + "." + key + ".";
    var map = new HashMap<String, String>();
    layers
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith(prefix)) {
                map.put(name.substring(prefix.length()), value.text());
              }
            });
    return map;
  }

  @Override
  public void refuse(String key, String reason) {
    layers.problems().add(line(key, reason));
  }

  @Override
  public void warn(String key, String reason) {
    var line = line(key, reason);
    if (!layers.warnings().contains(line)) {
      layers.warnings().add(line);
    }
  }

  private String line(String key, String reason) {
    var value = layers.values().get(root + "." + key);
    var origin = value == null || value.origin().isEmpty() ? "" : " (" + value.origin() + ")";
    return root + "." + key + ": " + reason + origin;
  }

  private Layers.Value value(String key) {
    var value = layers.values().get(root + "." + key);
    if (value == null) {
      throw new IllegalStateException(root + "." + key + " stands in no reference.conf");
    }
    return value;
  }

  /**
   * @param parser answers null, or throws, where the text does not fit
   */
  private <T> T parsed(String key, Function<String, T> parser, String allowed) {
    var text = value(key).text();
    var parsed = parse(parser, text);
    if (parsed == null) {
      refuse(key, Secrets.masked(key, text) + " is not allowed; " + allowed);
      parsed = parse(parser, references.defaults().get(root + "." + key));
    }
    if (parsed == null) {
      throw new IllegalStateException(root + "." + key + " has a default that is not allowed");
    }
    return parsed;
  }

  private static <T> T parse(Function<String, T> parser, String text) {
    try {
      return parser.apply(text.strip());
    } catch (ConfigException | NumberFormatException unfit) {
      return null;
    }
  }

  private static Config config(String text) {
    return ConfigFactory.parseMap(Map.of("value", text));
  }
}
