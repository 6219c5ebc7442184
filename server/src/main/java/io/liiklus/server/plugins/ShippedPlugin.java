package io.liiklus.server.plugins;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.stream.Stream;

/**
 * Plugin that comes with the release and is not loaded until an operator enables it. Immutable.
 *
 * <p>The manifest of its jar names the types of its storages, {@code Liiklus-Types}, and the roots
 * of their settings, {@code Liiklus-Roots}; so no class of it is loaded to know them.
 *
 * @param types in capitals
 */
public record ShippedPlugin(Path jar, List<String> types, List<String> roots) {

  /** Folder of a release, beside the plugins that are enabled. */
  private static final Path AVAILABLE = Path.of("plugins").resolve(PluginJars.AVAILABLE);

  private static final String FILE_START = "liiklus-";
  private static final String FILE_END = ".jar";
  private static final String FILES = FILE_START + "*" + FILE_END;

  private static final Attributes.Name TYPES = new Attributes.Name("Liiklus-Types");
  private static final Attributes.Name ROOTS = new Attributes.Name("Liiklus-Roots");

  /** The name by which it is enabled: {@code cassandra} for {@code liiklus-cassandra.jar}. */
  public String name() {
    var file = jar.getFileName().toString();
    return file.substring(FILE_START.length(), file.length() - FILE_END.length());
  }

  /** Whether the text is its name, or the type of one of its storages, in any case. */
  public boolean isNamed(String text) {
    return text.equalsIgnoreCase(name()) || types.contains(FactoryList.capitals(text));
  }

  /**
   * The plugins of a release; in a clone, where there is no release, those that its modules have
   * built. In the order of their names.
   *
   * @param home the folder of {@code bin/} and {@code conf/}
   * @throws IOException if a jar cannot be read
   */
  public static List<ShippedPlugin> find(Path home) throws IOException {
    var found = new ArrayList<ShippedPlugin>();
    for (var folder : folders(home)) {
      try (var jars = Files.newDirectoryStream(folder, FILES)) {
        for (var jar : jars) {
          read(jar).ifPresent(found::add);
        }
      }
    }
    found.sort(Comparator.comparing(ShippedPlugin::name));
    return List.copyOf(found);
  }

  private static List<Path> folders(Path home) throws IOException {
    var available = home.resolve(AVAILABLE);
    if (Files.isDirectory(available)) {
      return List.of(available);
    }
    if (!Files.isRegularFile(home.resolve("server").resolve("pom.xml"))) {
      return List.of();
    }
    try (var modules = Files.list(home)) {
      return modules.map(module -> module.resolve("target")).filter(Files::isDirectory).toList();
    }
  }

  /** Empty for a jar that is no such plugin. The manifest is the first entry of one that is. */
  private static Optional<ShippedPlugin> read(Path jar) throws IOException {
    try (var entries = new JarInputStream(new BufferedInputStream(Files.newInputStream(jar)))) {
      var manifest = entries.getManifest();
      if (manifest == null || !manifest.getMainAttributes().containsKey(TYPES)) {
        return Optional.empty();
      }
      var attributes = manifest.getMainAttributes();
      return Optional.of(
          new ShippedPlugin(
              jar,
              words(attributes.getValue(TYPES)).map(FactoryList::capitals).toList(),
              words(attributes.getValue(ROOTS)).toList()));
    }
  }

  private static Stream<String> words(String text) {
    return text == null
        ? Stream.empty()
        : Stream.of(text.split(",")).map(String::strip).filter(word -> !word.isEmpty());
  }
}
