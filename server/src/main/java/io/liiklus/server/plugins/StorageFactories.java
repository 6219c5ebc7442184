package io.liiklus.server.plugins;

import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.RecordsStorageFactory;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.PatternSyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every storage there is, by its type. Immutable. */
public final class StorageFactories {

  private static final Logger log = LoggerFactory.getLogger(StorageFactories.class);

  private final List<ClassLoader> plugins;
  private final Map<String, RecordsStorageFactory> records;
  private final Map<String, PositionsStorageFactory> positions;

  private StorageFactories(
      List<ClassLoader> plugins,
      Map<String, RecordsStorageFactory> records,
      Map<String, PositionsStorageFactory> positions) {
    this.plugins = plugins;
    this.records = records;
    this.positions = positions;
  }

  /**
   * Looks through the class path and the plugins folder, which need not be there.
   *
   * @param glob which files of the folder are plugins
   * @throws PluginException for a jar that cannot be used, or a type that is there twice
   */
  public static StorageFactories find(Path folder, String glob) {
    var own = StorageFactories.class.getClassLoader();
    var plugins = new ArrayList<ClassLoader>();
    for (var jar : jars(folder, glob)) {
      plugins.add(new PluginClassLoader(url(jar), own));
      log.info("plugin, jar={}", jar);
    }
    var loaders = new ArrayList<ClassLoader>();
    loaders.add(own);
    loaders.addAll(plugins);
    return new StorageFactories(
        List.copyOf(plugins),
        byType(loaders, RecordsStorageFactory.class, RecordsStorageFactory::type),
        byType(loaders, PositionsStorageFactory.class, PositionsStorageFactory::type));
  }

  /** The {@code reference.conf} of each plugin that has one. */
  public List<URL> references() {
    var references = new ArrayList<URL>();
    for (var plugin : plugins) {
      var reference = plugin.getResource("reference.conf");
      if (reference != null) {
        references.add(reference);
      }
    }
    return references;
  }

  /**
   * @throws PluginException naming the known types
   */
  public RecordsStorageFactory records(String type) {
    return known(records, "storage.records.type", type);
  }

  /**
   * @throws PluginException naming the known types
   */
  public PositionsStorageFactory positions(String type) {
    return known(positions, "storage.positions.type", type);
  }

  private static <T> T known(Map<String, T> factories, String key, String type) {
    var factory = factories.get(type);
    if (factory == null) {
      throw new PluginException(
          key + ": " + type + " is not known; " + String.join(", ", factories.keySet()));
    }
    return factory;
  }

  private static List<Path> jars(Path folder, String glob) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try {
      var matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
      try (var files = Files.walk(folder)) {
        return files
            .filter(Files::isRegularFile)
            .filter(file -> matcher.matches(folder.relativize(file)))
            .sorted()
            .toList();
      }
    } catch (PatternSyntaxException invalid) {
      throw new PluginException("plugins.pathMatcher: " + glob + " is no glob; as in *.jar");
    } catch (IOException failure) {
      throw new PluginException("plugins.dir: " + folder + " cannot be read", failure);
    }
  }

  private static <T> Map<String, T> byType(
      List<ClassLoader> loaders, Class<T> port, Function<T, String> typeOf) {
    var factories = new TreeMap<String, T>();
    for (var loader : loaders) {
      try {
        for (var provider : ServiceLoader.load(port, loader).stream().toList()) {
          // A service file may name a class that its jar does not have.
          if (provider.type().getClassLoader() == loader || loader == loaders.get(0)) {
            add(factories, typeOf, provider.get());
          }
        }
      } catch (ServiceConfigurationError | LinkageError broken) {
        throw new PluginException(
            loader.getName() + " cannot be used: " + broken.getMessage(), broken);
      }
    }
    return factories;
  }

  private static <T> void add(Map<String, T> factories, Function<T, String> typeOf, T factory) {
    var type = typeOf.apply(factory);
    var other = factories.put(type, factory);
    if (other != null) {
      throw new PluginException(
          "the storage type %s is there twice: %s from %s, and %s from %s"
              .formatted(
                  type,
                  other.getClass().getName(),
                  other.getClass().getProtectionDomain().getCodeSource().getLocation(),
                  factory.getClass().getName(),
                  factory.getClass().getProtectionDomain().getCodeSource().getLocation()));
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
