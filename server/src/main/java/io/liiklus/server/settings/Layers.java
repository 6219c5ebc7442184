package io.liiklus.server.settings;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts one source of settings over the other, and notes what cannot be used. Confined to the thread
 * that loads.
 */
final class Layers {

  /** A value and where it was set. */
  record Value(String text, String origin) {}

  /** Roots of the original that mean nothing here, and those of its framework. */
  private static final List<String> LEGACY_ROOTS =
      List.of("rsocket", "spring", "logging", "management", "security", "eureka", "info", "debug");

  private final References references;
  private final Map<String, Value> values = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  Layers(References references) {
    this.references = references;
    references.defaults().forEach((key, text) -> values.put(key, new Value(text, "")));
  }

  Map<String, Value> values() {
    return values;
  }

  List<String> problems() {
    return problems;
  }

  List<String> warnings() {
    return warnings;
  }

  void addFile(Path file) {
    if (!Files.isReadable(file)) {
      problems.add(file + ": cannot be read");
      return;
    }
    try {
      var config = ConfigFactory.parseFile(file.toFile()).resolve();
      References.flat(config).forEach((key, text) -> add(key, text, "from " + file));
    } catch (ConfigException invalid) {
      problems.add(file + ": cannot be parsed; " + invalid.getMessage());
    }
  }

  void addEnvironment(Map<String, String> environment) {
    var names = new EnvironmentNames(references);
    new TreeMap<>(environment)
        .forEach(
            (variable, text) -> {
              var key = names.key(variable);
              if (key.isPresent()) {
                add(key.get(), text, "from the environment variable " + variable);
              } else if (names.hasOurRoot(variable)) {
                warnings.add("the environment variable " + variable + " sets nothing");
              } else if (isLegacy(variable.replace('_', '.'))) {
                warnings.add("the environment variable " + variable + " means nothing here");
              }
            });
  }

  /** Only those below our roots: the rest is the JVM's. */
  void addSystemProperties(Map<String, String> properties) {
    new TreeMap<>(properties)
        .forEach(
            (key, text) -> {
              if (references.roots().contains(root(key))) {
                add(key, text, "from a system property");
              }
            });
  }

  void addCommandLine(Map<String, String> arguments) {
    arguments.forEach((key, text) -> add(key, text, "from the command line"));
  }

  private void add(String key, String text, String origin) {
    if (!references.isKnown(key)) {
      if (isLegacy(key)) {
        warnings.add(key + ": means nothing here (" + origin + ")");
      } else {
        problems.add(key + ": is not a setting (" + origin + ")");
      }
    } else if (key.toLowerCase(Locale.ROOT).endsWith("port") && text.startsWith("tcp://")) {
      // Container platforms inject the address of a service that happens to be called alike.
      warnings.add(key + ": " + text + " is no port and is ignored (" + origin + ")");
    } else {
      values.put(key, new Value(text, origin));
    }
  }

  private static boolean isLegacy(String key) {
    return LEGACY_ROOTS.contains(root(key).toLowerCase(Locale.ROOT));
  }

  private static String root(String key) {
    int dot = key.indexOf('.');
    return dot < 0 ? key : key.substring(0, dot);
  }
}
