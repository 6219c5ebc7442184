package io.liiklus.server.plugins;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Jar of a plugin, open until the process ends. Thread-safe. */
public final class Plugin {

  private final PluginClassLoader loader;
  private final List<String> settingsRoots;

  Plugin(PluginClassLoader loader, List<String> settingsRoots) {
    this.loader = loader;
    this.settingsRoots = settingsRoots;
  }

  public Path jar() {
    return loader.jar();
  }

  /** The roots that the plugin's storages and processors read their settings from. */
  public List<String> settingsRoots() {
    return settingsRoots;
  }

  /** A file at the top of the jar, as text in UTF-8. The caller closes the reader. */
  public Optional<Reader> open(String name) throws IOException {
    if (loader.findResource(name) == null) {
      return Optional.empty();
    }
    var stream = loader.getResourceAsStream(name);
    return Optional.of(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }

  void close() throws IOException {
    loader.close();
  }
}
