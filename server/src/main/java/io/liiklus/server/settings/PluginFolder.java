package io.liiklus.server.settings;

import io.liiklus.server.plugins.PluginJars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/**
 * Folder of the plugins that are loaded, as the settings name it. Immutable.
 *
 * @param home the folder of {@code bin/} and {@code conf/}
 * @param pattern a glob
 * @param jars those in the folder that the pattern matches
 */
public record PluginFolder(Path home, Path folder, String pattern, List<Path> jars) {

  private static final String DIR = "plugins.dir";
  private static final String PATTERN = "plugins.pathMatcher";

  /**
   * Reads the settings of the folder alone, so that a plugin can be enabled before the other
   * settings are right.
   *
   * @param environment as {@link System#getenv} gives it
   * @param properties the system properties
   * @throws SettingsException that names all that is wrong with them
   */
  public static PluginFolder load(
      CommandLine commandLine, Map<String, String> environment, Map<String, String> properties) {
    var classPath = PluginFolder.class.getClassLoader();
    var context = new StartupContext(environment, properties, classPath);
    var diagnostics = new Diagnostics();
    var sources = new ArrayList<MergedValues.Source>();
    sources.add(ConfigFile.read(commandLine, context, diagnostics));
    sources.addAll(Configuration.surroundings(context));
    var known = KnownKeys.of(ReferenceConfigs.ofClassPath(classPath));
    var values = new MergedValues(known, new Diagnostics());
    sources.forEach(source -> source.applyTo(values));
    var folder = read(new SettingsView(values, diagnostics, ""), context);
    if (!diagnostics.refusals().isEmpty()) {
      throw new SettingsException(diagnostics.refusals(), diagnostics.warnings());
    }
    return folder;
  }

  /** Notes what is wrong; the folder has no jars then. */
  static PluginFolder read(SettingsView settings, StartupContext context) {
    var name = settings.text(DIR).strip();
    var pattern = settings.text(PATTERN).strip();
    if (name.isEmpty()) {
      settings.refuse(DIR, "has no value; a folder");
    }
    if (pattern.isEmpty()) {
      settings.refuse(PATTERN, "has no value; a glob, as *.jar is one");
    }
    try {
      var folder = context.home().resolve(PathText.parse(name));
      if (settings.isGiven(DIR) && !Files.isDirectory(folder)) {
        settings.refuse(DIR, "there is no folder " + folder.toAbsolutePath());
      }
      var jars = PluginJars.find(folder, pattern);
      return new PluginFolder(context.home(), folder, pattern, jars);
    } catch (InvalidPathException failure) {
      settings.refuse(DIR, "is not a path: " + failure.getReason());
    } catch (PatternSyntaxException failure) {
      settings.refuse(PATTERN, "not a glob, as *.jar is one: " + failure.getDescription());
    } catch (IOException failure) {
      settings.refuse(DIR, "cannot be read: " + failure.getMessage());
    }
    return new PluginFolder(context.home(), context.home(), pattern, List.of());
  }

  /** Whether a jar of this name in the folder is loaded. */
  public boolean loads(Path name) {
    return PluginJars.isMatch(folder, pattern, name);
  }

  /** The jar of this name that is loaded; empty where there is none. */
  public Optional<Path> loaded(Path name) {
    return jars.stream().filter(jar -> jar.getFileName().equals(name)).findFirst();
  }
}
