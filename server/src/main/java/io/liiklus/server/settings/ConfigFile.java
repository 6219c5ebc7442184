package io.liiklus.server.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * File of settings, with every substitution resolved; empty where there is none, or it cannot be
 * read. Immutable.
 *
 * @param description for the log: which file, or where one was looked for
 */
record ConfigFile(Config config, Path file, String description) implements MergedValues.Source {

  private static final String USUAL = "conf/liiklus.conf";
  private static final String PROPERTY = "config.file";

  /** Variable or key whose value is to be put in its place. */
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{\\??[A-Za-z_][\\w.-]*}");

  /**
   * The file to read, and the source of its name; the usual one has no source and need not exist.
   */
  private record Wanted(Path file, Optional<String> namedBy) {}

  /**
   * Looks for the file, reads it, and notes its problems. Substitutions find environment variables.
   */
  static ConfigFile read(CommandLine commandLine, StartupContext context, Diagnostics diagnostics) {
    var wanted = wanted(commandLine, context, diagnostics);
    if (wanted.isEmpty()) {
      return new ConfigFile(ConfigFactory.empty(), Path.of(""), "no file");
    }
    var file = wanted.get().file();
    if (!Files.exists(file)) {
      wanted
          .get()
          .namedBy()
          .ifPresent(by -> diagnostics.refuse(by + ": there is no file " + file.toAbsolutePath()));
      return new ConfigFile(
          ConfigFactory.empty(), file, "no file; looked for " + file.toAbsolutePath());
    }
    var environment = context.decoded(context.environment());
    return new ConfigFile(
        parse(file, environment, diagnostics), file, "the file " + file.toAbsolutePath());
  }

  private static Optional<Wanted> wanted(
      CommandLine commandLine, StartupContext context, Diagnostics diagnostics) {
    boolean isOption = commandLine.configFile() != null;
    var named = isOption ? commandLine.configFile().strip() : context.properties().get(PROPERTY);
    if (named == null) {
      return Optional.of(new Wanted(context.home().resolve(USUAL), Optional.empty()));
    }
    var namedBy = isOption ? commandLine.configOption() : "-D" + PROPERTY;
    try {
      return Optional.of(new Wanted(PathText.parse(named), Optional.of(namedBy)));
    } catch (InvalidPathException failure) {
      diagnostics.refuse(namedBy + ": is not a path: " + failure.getReason());
      return Optional.empty();
    }
  }

  /** Substitutions find other keys of the file, then environment variables. */
  private static Config parse(Path file, Map<String, String> environment, Diagnostics diagnostics) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      diagnostics.refuse("the file " + file.toAbsolutePath() + " cannot be read");
      return ConfigFactory.empty();
    }
    try {
      var parsed = ConfigFactory.parseFile(file.toFile());
      var variables = ConfigValueFactory.fromMap(environment, "environment").toConfig();
      var resolved = parsed.withFallback(variables).resolve(ConfigResolveOptions.noSystem());
      var own = resolved.root();
      for (var key : resolved.root().keySet()) {
        own = parsed.root().containsKey(key) ? own : own.withoutKey(key);
      }
      return own.toConfig();
    } catch (ConfigException.UnresolvedSubstitution missing) {
      diagnostics.refuse(unresolved(file, missing));
      return ConfigFactory.empty();
    } catch (ConfigException failure) {
      diagnostics.refuse("the file " + file.toAbsolutePath() + ": " + failure.getMessage());
      return ConfigFactory.empty();
    }
  }

  private static String unresolved(Path file, ConfigException.UnresolvedSubstitution missing) {
    var name = REFERENCE.matcher(missing.getMessage());
    int line = missing.origin() == null ? 0 : missing.origin().lineNumber();
    return "the file %s%s: %s is no variable of the environment and no key of the file; set it"
        .formatted(
            file.toAbsolutePath(),
            line < 1 ? "" : ", line " + line,
            name.find() ? name.group() : missing.getMessage());
  }

  @Override
  public void applyTo(MergedValues values) {
    sorted(config.root()).forEach((key, value) -> apply(key, value, values));
  }

  private static Map<String, ConfigValue> sorted(ConfigObject block) {
    return new TreeMap<>(block);
  }

  private void apply(String key, ConfigValue value, MergedValues values) {
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
      if (!values.setExactly(key, setValue(key, value, values))) {
        values.passOver(key, origin(value), false);
      }
    } else if (known.hasKey(key)) {
      values.diagnostics().refuse(key + ": a single value is allowed" + from(value));
    } else {
      values.passOver(key, origin(value), false);
    }
  }

  /** In quotes it is text, and would go to a server as a password, say. */
  private void requireResolved(String key, ConfigValue value, MergedValues values) {
    var reference = REFERENCE.matcher(KnownKeys.text(value));
    if (value.origin().filename() != null && reference.find()) {
      values
          .diagnostics()
          .refuse(
              "%s: %s stands in quotes, where it is no variable; write it without them%s"
                  .formatted(key, reference.group(), from(value)));
    }
  }

  private void applySection(String key, ConfigValue value, MergedValues values) {
    if (value instanceof ConfigObject block) {
      sorted(block).forEach((name, inner) -> apply(key + "." + name, inner, values));
    } else {
      values.diagnostics().refuse(key + ": a block of keys is allowed" + from(value));
    }
  }

  private void applyList(String key, ConfigValue value, MergedValues values) {
    if (!(value instanceof ConfigList list)) {
      values.diagnostics().refuse(key + ": a list is allowed" + from(value));
      return;
    }
    values.setLength(key, list.size());
    for (int i = 0; i < list.size(); i++) {
      var element = KnownKeys.element(key, i);
      if (values.known().hasSection(element)) {
        applySection(element, list.get(i), values);
      } else {
        applyText(element, list.get(i), values);
      }
    }
  }

  private void applyText(String key, ConfigValue value, MergedValues values) {
    if (isSingle(value) && value.valueType() != ConfigValueType.NULL) {
      values.set(key, setValue(key, value, values));
    } else {
      values.diagnostics().refuse(key + ": a single value is allowed" + from(value));
    }
  }

  private void applyMap(String key, ConfigValue value, MergedValues values) {
    if (value instanceof ConfigObject block) {
      sorted(block).forEach((name, inner) -> applyEntry(key, name, inner, values));
    } else {
      values.diagnostics().refuse(key + ": a block of names is allowed" + from(value));
    }
  }

  /** Blocks in an open map only spell a longer name. */
  private void applyEntry(String map, String name, ConfigValue value, MergedValues values) {
    if (value instanceof ConfigObject block) {
      sorted(block).forEach((part, inner) -> applyEntry(map, name + "." + part, inner, values));
    } else if (value instanceof ConfigList) {
      values.diagnostics().refuse(map + "." + name + ": a single value is allowed" + from(value));
    } else if (value.valueType() != ConfigValueType.NULL) {
      var key = map + "." + name;
      values.set(new KnownKeys.MapEntry(map, name), setValue(key, value, values));
    }
  }

  private static boolean isSingle(ConfigValue value) {
    return !(value instanceof ConfigObject) && !(value instanceof ConfigList);
  }

  private MergedValues.Value setValue(String key, ConfigValue value, MergedValues values) {
    requireResolved(key, value, values);
    return new MergedValues.Value(KnownKeys.text(value), origin(value));
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
