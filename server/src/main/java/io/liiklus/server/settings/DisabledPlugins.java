package io.liiklus.server.settings;

import io.liiklus.server.plugins.ShippedPlugin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Plugins that came with the release and are not enabled. A setting of theirs is refused, with the
 * command that enables the plugin: without it the gateway would serve something else. Confined to
 * the thread that reads the settings.
 */
final class DisabledPlugins {

  static final DisabledPlugins NONE = new DisabledPlugins(Path.of(""), List.of());

  private final Path home;
  private final List<ShippedPlugin> plugins;

  private DisabledPlugins(Path home, List<ShippedPlugin> plugins) {
    this.home = home;
    this.plugins = plugins;
  }

  /**
   * Those of a home that are not among the enabled jars, by their file names.
   *
   * @param diagnostics is warned where they cannot be read
   */
  static DisabledPlugins of(Path home, List<Path> enabled, Diagnostics diagnostics) {
    try {
      var names = enabled.stream().map(Path::getFileName).toList();
      var disabled =
          ShippedPlugin.find(home).stream()
              .filter(plugin -> !names.contains(plugin.jar().getFileName()))
              .toList();
      return new DisabledPlugins(home, disabled);
    } catch (IOException failure) {
      diagnostics.warn("plugins that are not enabled cannot be read: " + failure.getMessage());
      return NONE;
    }
  }

  /** The reason to refuse a type that no storage has; empty where no plugin has it either. */
  Optional<String> reasonOfType(String type) {
    return plugins.stream()
        .filter(plugin -> plugin.types().contains(type))
        .findFirst()
        .map(plugin -> type + " is of " + advice(plugin));
  }

  /** The reason to refuse a key, or a block of keys, that does not exist; empty as for a type. */
  Optional<String> reasonOfKey(String key) {
    int dot = key.indexOf('.');
    var root = dot < 0 ? key : key.substring(0, dot);
    return plugins.stream()
        .filter(plugin -> plugin.roots().contains(root))
        .findFirst()
        .map(plugin -> root + ".* is of " + advice(plugin));
  }

  /**
   * The reason to refuse an environment variable. Empty unless it sets a key that the plugin has:
   * container platforms put {@code CASSANDRA_PORT} and the like into every environment.
   */
  Optional<String> reasonOfVariable(String variable) {
    for (var plugin : plugins) {
      boolean isKey =
          KnownKeys.rootLike(variable, plugin.roots()).isPresent() && hasKeyLike(plugin, variable);
      if (isKey) {
        return Optional.of("its key is of " + advice(plugin));
      }
    }
    return Optional.empty();
  }

  private static boolean hasKeyLike(ShippedPlugin plugin, String variable) {
    var known = KnownKeys.of(ReferenceConfigs.ofJar(plugin.jar(), plugin.roots()));
    return known.keyLike(variable).isPresent() || known.mapEntryLike(variable).isPresent();
  }

  private String advice(ShippedPlugin plugin) {
    return "the plugin %s, which is not enabled: bin/liiklus plugins enable %s"
        .formatted(home.relativize(plugin.jar()), plugin.name());
  }
}
