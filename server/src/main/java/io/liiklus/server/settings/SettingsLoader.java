package io.liiklus.server.settings;

import com.typesafe.config.Config;
import io.liiklus.server.plugins.PluginJars;
import io.liiklus.server.plugins.StorageFactories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;

/**
 * Reads all settings, finds all storages and checks everything, once, at start. Confined to the
 * thread that starts the process.
 */
public final class SettingsLoader {

  private static final String PLUGINS_DIR = "plugins.dir";
  private static final String PLUGINS_PATTERN = "plugins.pathMatcher";

  private final StartupContext around;
  private final Diagnostics findings = new Diagnostics();

  private SettingsLoader(StartupContext around) {
    this.around = around;
  }

  /**
   * Reads the settings. The caller closes what it gets.
   *
   * @param environment as {@link System#getenv} gives it
   * @param properties the system properties; {@code liiklus.home} names the folder that holds
   *     {@code conf/} and {@code plugins/}, else it is the working directory
   * @throws SettingsException that names all that is wrong; nothing is left open then
   */
  public static LoadedSettings load(
      CommandLine commandLine, Map<String, String> environment, Map<String, String> properties) {
    var classPath = SettingsLoader.class.getClassLoader();
    return load(commandLine, new StartupContext(environment, properties, classPath));
  }

  static LoadedSettings load(CommandLine commandLine, StartupContext around) {
    return new SettingsLoader(around).load(commandLine);
  }

  private LoadedSettings load(CommandLine commandLine) {
    commandLine.problems().forEach(findings::refuse);
    var text = NativeText.of(around.properties());
    var environment = text.read(around.environment());
    var file = SettingsFile.read(commandLine, around, environment, findings);
    var sources = new ArrayList<SettingsSource>();
    file.source().ifPresent(sources::add);
    sources.add(new EnvironmentSource(environment));
    sources.add(NamedSource.systemProperties(text.read(around.properties())));
    sources.add(NamedSource.commandLine(text.read(commandLine.values())));

    var reference = ReferenceConfigs.ofClassPath(around.classPath());
    var jars = pluginJars(read(reference, sources, new Diagnostics()));
    var factories = StorageFactories.find(around.classPath(), jars);
    try {
      return load(reference, sources, factories, file.description());
    } catch (RuntimeException failure) {
      try {
        factories.close();
      } catch (IOException closing) {
        failure.addSuppressed(closing);
      }
      throw failure;
    }
  }

  private LoadedSettings load(
      Config reference, List<SettingsSource> sources, StorageFactories factories, String source) {
    factories.problems().forEach(findings::refuse);
    var whole = ReferenceConfigs.withPlugins(reference, factories.plugins(), findings);
    var values = read(whole, sources, findings);
    var server = ServerSettings.read(root -> new SettingsView(values, findings, root));
    Contradictions.check(values, server);
    var choice = new StorageChoice(values, factories);
    choice.check();
    if (!findings.refusals().isEmpty()) {
      throw new SettingsException(findings.refusals(), findings.warnings());
    }
    return new LoadedSettings(server, values, factories, choice, source);
  }

  private static SettingValues read(
      Config reference, List<SettingsSource> weakestFirst, Diagnostics findings) {
    var values = new SettingValues(KnownKeys.of(reference), findings);
    weakestFirst.forEach(source -> source.applyTo(values));
    return values;
  }

  private List<Path> pluginJars(SettingValues values) {
    var name = values.text(PLUGINS_DIR).strip();
    var pattern = values.text(PLUGINS_PATTERN).strip();
    if (name.isEmpty()) {
      refuse(values, PLUGINS_DIR, "has no value; a folder");
    }
    if (pattern.isEmpty()) {
      refuse(values, PLUGINS_PATTERN, "has no value; a glob, as *.jar is one");
    }
    try {
      var folder = around.home().resolve(PathText.parse(name));
      if (values.isSet(PLUGINS_DIR) && !Files.isDirectory(folder)) {
        refuse(values, PLUGINS_DIR, "there is no folder " + folder.toAbsolutePath());
      }
      return PluginJars.find(folder, pattern);
    } catch (InvalidPathException failure) {
      refuse(values, PLUGINS_DIR, "is not a path: " + failure.getReason());
    } catch (PatternSyntaxException failure) {
      refuse(values, PLUGINS_PATTERN, "not a glob, as *.jar is one: " + failure.getDescription());
    } catch (IOException failure) {
      refuse(values, PLUGINS_DIR, "cannot be read: " + failure.getMessage());
    }
    return List.of();
  }

  private void refuse(SettingValues values, String key, String reason) {
    findings.refuse(values.line(key, reason));
  }
}
