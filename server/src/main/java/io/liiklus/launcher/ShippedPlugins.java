package io.liiklus.launcher;

import io.liiklus.cli.CliException;
import io.liiklus.server.plugins.ShippedPlugin;
import io.liiklus.server.settings.PluginFolder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The plugins that came with the release, and the folder from which the gateway loads those that
 * are enabled: a link there to the jar enables one, so that the jar of a newer release is loaded
 * after an update. Confined to the thread that runs the command.
 */
final class ShippedPlugins {

  private static final String NEW = ".new";

  private final PluginFolder folder;
  private final List<ShippedPlugin> all;

  ShippedPlugins(PluginFolder folder) {
    this.folder = folder;
    try {
      this.all = ShippedPlugin.find(folder.home());
    } catch (IOException failure) {
      throw new CliException("the plugins cannot be read: " + reason(failure));
    }
  }

  List<ShippedPlugin> all() {
    return all;
  }

  boolean isEnabled(ShippedPlugin plugin) {
    return folder.loaded(plugin.jar().getFileName()).isPresent();
  }

  /** The plugin of this name, or with a storage of this type. */
  ShippedPlugin find(String name) {
    var known = all.stream().map(ShippedPlugin::name).collect(Collectors.joining(", "));
    return all.stream()
        .filter(plugin -> plugin.isNamed(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CliException(
                    "there is no plugin %s; %s"
                        .formatted(
                            name, known.isEmpty() ? "none came along" : "there are " + known)));
  }

  /** Returns the path by which the plugin is loaded at the next start. */
  Path enable(ShippedPlugin plugin) {
    var name = plugin.jar().getFileName();
    var link = folder.folder().resolve(name);
    var loaded = folder.loaded(name);
    if (loaded.isPresent() && !loaded.get().equals(link)) {
      return loaded.get();
    }
    if (!folder.loads(name)) {
      throw new CliException(
          "%s would not be loaded: plugins.pathMatcher = %s does not match it"
              .formatted(name, folder.pattern()));
    }
    try {
      var parent = Files.createDirectories(folder.folder()).toRealPath();
      // Under another name first, so that a link, or a copy, of an earlier release is replaced at
      // once.
      var made = folder.folder().resolve(name + NEW);
      Files.deleteIfExists(made);
      Files.createSymbolicLink(made, parent.relativize(plugin.jar().toRealPath()));
      Files.move(made, link, StandardCopyOption.ATOMIC_MOVE);
      return link;
    } catch (IOException failure) {
      throw new CliException("%s cannot be enabled: %s".formatted(plugin.name(), reason(failure)));
    }
  }

  void disable(ShippedPlugin plugin) {
    var name = plugin.jar().getFileName();
    var path = folder.loaded(name).orElse(folder.folder().resolve(name));
    try {
      Files.deleteIfExists(path);
    } catch (IOException failure) {
      throw new CliException("%s cannot be disabled: %s".formatted(plugin.name(), reason(failure)));
    }
  }

  private static String reason(IOException failure) {
    var kind = failure.getClass().getSimpleName().replace("Exception", "");
    return failure instanceof FileSystemException of && of.getReason() == null
        ? kind + ": " + of.getFile()
        : String.valueOf(failure.getMessage());
  }
}
