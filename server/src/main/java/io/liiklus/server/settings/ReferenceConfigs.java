package io.liiklus.server.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import io.liiklus.server.plugins.Plugin;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

/** Reader of every {@code reference.conf}. Immutable. */
final class ReferenceConfigs {

  private static final String NAME = "reference.conf";

  private ReferenceConfigs() {}

  /** References of the class path: one in each jar, or one that was merged of them. */
  static Config ofClassPath(ClassLoader loader) {
    var options = ConfigParseOptions.defaults().setClassLoader(loader);
    return resolve(ConfigFactory.parseResources(loader, NAME, options));
  }

  /**
   * Adds those of plugins: of each only the roots of its own storages, as the libraries within a
   * plugin may have brought theirs. A root belongs to one jar.
   */
  static Config withPlugins(Config classPath, List<Plugin> plugins, Diagnostics diagnostics) {
    var all = classPath;
    for (var plugin : plugins) {
      var reference = read(plugin, diagnostics);
      for (var root : plugin.settingsRoots()) {
        if (all.hasPath(root)) {
          diagnostics.refuse(
              "plugin %s: its settings root %s is taken already".formatted(plugin.jar(), root));
        } else if (reference.hasPath(root)) {
          all = all.withFallback(reference.withOnlyPath(root));
        }
      }
    }
    return all;
  }

  /** The roots of a jar's own reference, without loading the jar; empty where it has none. */
  static Config ofJar(Path jar, List<String> roots) {
    try (var opened = new JarFile(jar.toFile())) {
      var entry = opened.getEntry(NAME);
      if (entry == null) {
        return ConfigFactory.empty();
      }
      try (var reader = new InputStreamReader(opened.getInputStream(entry), UTF_8)) {
        var all = ConfigFactory.parseReader(reader);
        var own = ConfigFactory.empty();
        for (var root : roots) {
          own = own.withFallback(all.withOnlyPath(root));
        }
        return resolve(own);
      }
    } catch (IOException | ConfigException unreadable) {
      return ConfigFactory.empty();
    }
  }

  private static Config read(Plugin plugin, Diagnostics diagnostics) {
    try {
      var opened = plugin.open(NAME);
      if (opened.isEmpty()) {
        return ConfigFactory.empty();
      }
      try (var reader = opened.get()) {
        return resolve(ConfigFactory.parseReader(reader));
      }
    } catch (IOException | ConfigException failure) {
      diagnostics.refuse(
          "plugin %s: its %s cannot be read: %s"
              .formatted(plugin.jar(), NAME, failure.getMessage()));
      return ConfigFactory.empty();
    }
  }

  private static Config resolve(Config config) {
    return config.resolve(ConfigResolveOptions.noSystem());
  }
}
