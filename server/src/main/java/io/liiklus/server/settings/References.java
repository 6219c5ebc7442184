package io.liiklus.server.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import java.net.URL;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Every key there is, with its default. An empty object stands for an open map, below which any
 * name is allowed. Immutable.
 */
final class References {

  private final Map<String, String> defaults = new HashMap<>();
  private final Set<String> openMaps = new HashSet<>();
  private final Set<String> roots = new HashSet<>();

  private References(Config config) {
    defaults.putAll(flat(config));
    findOpenMaps("", config.root());
    roots.addAll(config.root().keySet());
  }

  /** The references of the class path, and those of plugins. */
  static References load(ClassLoader classPath, Iterable<URL> ofPlugins) {
    var config = ConfigFactory.parseResources(classPath, "reference.conf");
    for (var url : ofPlugins) {
      config = config.withFallback(ConfigFactory.parseURL(url));
    }
    return new References(config.resolve());
  }

  private void findOpenMaps(String prefix, ConfigObject object) {
    object.forEach(
        (name, value) -> {
          if (value instanceof ConfigObject nested) {
            if (nested.isEmpty()) {
              openMaps.add(prefix + name);
            } else {
              findOpenMaps(prefix + name + ".", nested);
            }
          }
        });
  }

  /** Values by their key with dots, however it was nested or quoted. */
  static Map<String, String> flat(Config config) {
    var flat = new HashMap<String, String>();
    for (var entry : config.entrySet()) {
      var key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
      flat.put(key, String.valueOf(entry.getValue().unwrapped()));
    }
    return flat;
  }

  Map<String, String> defaults() {
    return defaults;
  }

  Set<String> openMaps() {
    return openMaps;
  }

  Set<String> roots() {
    return roots;
  }

  boolean isKnown(String key) {
    return defaults.containsKey(key)
        || openMaps.stream().anyMatch(map -> key.startsWith(map + "."));
  }
}
