package io.liiklus.server.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Values from a file, every substitution in it done. Immutable. */
final class FileSource implements SettingsSource {

  private final Config config;
  private final Path file;

  FileSource(Config config, Path file) {
    this.config = config;
    this.file = file;
  }

  @Override
  public void applyTo(SettingValues values) {
    sorted(config.root()).forEach((key, value) -> apply(key, value, values));
  }

  private static Map<String, ConfigValue> sorted(ConfigObject block) {
    return new TreeMap<>(block);
  }

  private void apply(String key, ConfigValue value, SettingValues values) {
    var known = values.known();
    if (value.valueType() == ConfigValueType.NULL) {
      return; // As if it were not there.
    }
    if (known.hasMap(key)) {
      applyMap(key, value, values);
    } else if (known.hasSection(key)) {
      applySection(key, value, values);
    } else if (known.hasList(key)) {
      applyList(key, value, values);
    } else if (isSingle(value)) {
      if (!values.setExactly(key, setValue(value))) {
        passOver(key, value, values);
      }
    } else if (known.hasKey(key)) {
      values.findings().refuse(key + ": a single value is allowed" + from(value));
    } else {
      passOver(key, value, values);
    }
  }

  private void applySection(String key, ConfigValue value, SettingValues values) {
    if (value instanceof ConfigObject block) {
      sorted(block).forEach((name, inner) -> apply(key + "." + name, inner, values));
    } else {
      values.findings().refuse(key + ": a block of keys is allowed" + from(value));
    }
  }

  private void applyList(String key, ConfigValue value, SettingValues values) {
    if (!(value instanceof ConfigList list)) {
      values.findings().refuse(key + ": a list of blocks is allowed" + from(value));
      return;
    }
    values.setLength(key, list.size());
    for (int i = 0; i < list.size(); i++) {
      applySection(KnownKeys.element(key, i), list.get(i), values);
    }
  }

  private void applyMap(String key, ConfigValue value, SettingValues values) {
    if (value instanceof ConfigObject block) {
      sorted(block).forEach((name, inner) -> applyEntry(key, name, inner, values));
    } else {
      values.findings().refuse(key + ": a block of names is allowed" + from(value));
    }
  }

  /** Blocks in an open map only spell a longer name. */
  private void applyEntry(String map, String name, ConfigValue value, SettingValues values) {
    if (value instanceof ConfigObject block) {
      sorted(block).forEach((part, inner) -> applyEntry(map, name + "." + part, inner, values));
    } else if (value instanceof ConfigList) {
      values.findings().refuse(map + "." + name + ": a single value is allowed" + from(value));
    } else if (value.valueType() != ConfigValueType.NULL) {
      values.set(new KnownKeys.MapEntry(map, name), setValue(value));
    }
  }

  private void passOver(String key, ConfigValue value, SettingValues values) {
    int dot = key.indexOf('.');
    boolean isOurs = values.known().hasRoot(dot < 0 ? key : key.substring(0, dot));
    if (!isOurs && LegacyKeys.hasRootOf(key)) {
      values.findings().warn(LegacyKeys.warning(key, origin(value)));
    } else {
      values.findings().refuse(values.known().unknown(key, origin(value)));
    }
  }

  private static boolean isSingle(ConfigValue value) {
    return !(value instanceof ConfigObject) && !(value instanceof ConfigList);
  }

  private SourcedValue setValue(ConfigValue value) {
    return new SourcedValue(KnownKeys.text(value), origin(value));
  }

  private String from(ConfigValue value) {
    return " (from " + origin(value) + ")";
  }

  /** A value that was substituted stands in another place than its key: then the file alone. */
  private String origin(ConfigValue value) {
    var origin = value.origin();
    return origin.filename() == null || origin.lineNumber() < 1
        ? "the file " + file
        : "the file " + origin.filename() + ", line " + origin.lineNumber();
  }
}
