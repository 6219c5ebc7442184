package io.liiklus.launcher;

import io.liiklus.cli.CliException;
import io.liiklus.cli.Terminal;
import io.liiklus.cli.Version;
import io.liiklus.server.plugins.ShippedPlugin;
import io.liiklus.server.settings.PluginFolder;
import io.liiklus.server.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/**
 * Commands of {@code plugins}: lists the plugins that came with the release, enables and disables
 * them. Confined to the thread that runs one.
 */
@Command(
    name = "plugins",
    description = {
      "Lists the plugins that came with the release: storages that the gateway has where they are"
          + " enabled. A change counts from the next start on.",
      "The folder of plugins is that of the gateway's settings: of its file, the environment and"
          + " -D in JAVA_OPTS."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class PluginsCommand implements Callable<Integer> {

  private static final int BAD_SETTINGS = 2;
  private static final String ROW = "%-12s %-20s %8s  %s%n";
  private static final String NAMES = "Names, as they are listed, or types of storages.";

  private final Terminal terminal;
  private final Function<Optional<String>, PluginFolder> folders;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "The gateway's file of settings. Default: conf/liiklus.conf")
  private String config;

  private PluginsCommand(Terminal terminal, Function<Optional<String>, PluginFolder> folders) {
    this.terminal = terminal;
    this.folders = folders;
  }

  /**
   * The command with its subcommands.
   *
   * @param folders reads the settings, of the file that is named
   */
  static CommandLine of(Terminal terminal, Function<Optional<String>, PluginFolder> folders) {
    return new CommandLine(new PluginsCommand(terminal, folders));
  }

  @Override
  public Integer call() {
    return list();
  }

  @Command(description = "Lists them.", mixinStandardHelpOptions = true)
  int list() {
    return run(
        shipped -> {
          if (shipped.all().isEmpty()) {
            terminal.say("no plugins came with this gateway (in a clone, mvn package builds them)");
            return;
          }
          terminal.out().print(ROW.formatted("NAME", "TYPES", "SIZE", "STATE"));
          shipped.all().forEach(plugin -> terminal.out().print(row(shipped, plugin)));
        });
  }

  private static String row(ShippedPlugins shipped, ShippedPlugin plugin) {
    return ROW.formatted(
        plugin.name(),
        String.join(",", plugin.types()),
        size(plugin.jar()),
        shipped.isEnabled(plugin) ? "enabled" : "available");
  }

  private static String size(Path jar) {
    try {
      return "%.1f MB".formatted(Files.size(jar) / 1e6);
    } catch (IOException gone) {
      throw new CliException("the plugins cannot be read: " + gone.getMessage());
    }
  }

  @Command(description = "Has the gateway load plugins.", mixinStandardHelpOptions = true)
  int enable(
      @Parameters(paramLabel = "NAME", arity = "1..*", split = ",", description = NAMES)
          List<String> names) {
    return run(
        shipped -> {
          var plugins = names.stream().map(shipped::find).distinct().toList();
          for (var plugin : plugins) {
            var path = shipped.enable(plugin);
            terminal.out().println("enabled " + plugin.name() + ": " + path);
          }
        });
  }

  @Command(description = "Has the gateway load them no longer.", mixinStandardHelpOptions = true)
  int disable(
      @Parameters(paramLabel = "NAME", arity = "1..*", split = ",", description = NAMES)
          List<String> names) {
    return run(
        shipped -> {
          var plugins = names.stream().map(shipped::find).distinct().toList();
          for (var plugin : plugins) {
            shipped.disable(plugin);
            terminal.out().println("disabled " + plugin.name());
          }
        });
  }

  private int run(Consumer<ShippedPlugins> work) {
    try {
      work.accept(new ShippedPlugins(folders.apply(Optional.ofNullable(config))));
      return 0;
    } catch (SettingsException refused) {
      refused.problems().forEach(terminal::say);
      return BAD_SETTINGS;
    }
  }
}
