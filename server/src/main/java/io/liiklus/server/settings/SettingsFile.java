package io.liiklus.server.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The file of settings, if there is one. Immutable.
 *
 * @param source empty where there is no file, or it cannot be read
 * @param description for the log: which file, or where one was looked for
 */
record SettingsFile(Optional<FileSource> source, String description) {

  private static final String USUAL = "conf/liiklus.conf";
  private static final String PROPERTY = "config.file";

  /** The file to read, and who named it; nobody named the usual one, so it need not be there. */
  private record Wanted(Path file, Optional<String> namedBy) {}

  /**
   * Looks for the file, reads it, and notes what is wrong with it.
   *
   * @param environment what substitutions find
   */
  static SettingsFile read(
      CommandLine commandLine,
      StartupContext around,
      Map<String, String> environment,
      Diagnostics findings) {
    var wanted = wanted(commandLine, around, findings);
    if (wanted.isEmpty()) {
      return new SettingsFile(Optional.empty(), "no file");
    }
    var file = wanted.get().file();
    if (!Files.exists(file)) {
      wanted
          .get()
          .namedBy()
          .ifPresent(by -> findings.refuse(by + ": there is no file " + file.toAbsolutePath()));
      return new SettingsFile(Optional.empty(), "no file; looked for " + file.toAbsolutePath());
    }
    var source = parse(file, environment, findings).map(c -> new FileSource(c, file));
    return new SettingsFile(source, "the file " + file.toAbsolutePath());
  }

  private static Optional<Wanted> wanted(
      CommandLine commandLine, StartupContext around, Diagnostics findings) {
    boolean isOption = commandLine.configFile() != null;
    var named = isOption ? commandLine.configFile().strip() : around.properties().get(PROPERTY);
    if (named == null) {
      return Optional.of(new Wanted(around.home().resolve(USUAL), Optional.empty()));
    }
    var namedBy = isOption ? "--config" : "-D" + PROPERTY;
    try {
      return Optional.of(new Wanted(PathText.parse(named), Optional.of(namedBy)));
    } catch (InvalidPathException failure) {
      findings.refuse(namedBy + ": is not a path: " + failure.getReason());
      return Optional.empty();
    }
  }

  /** Substitutions find other keys of the file, then environment variables. */
  private static Optional<Config> parse(
      Path file, Map<String, String> environment, Diagnostics findings) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      findings.refuse("the file " + file.toAbsolutePath() + " cannot be read");
      return Optional.empty();
    }
    try {
      var parsed = ConfigFactory.parseFile(file.toFile());
      var variables = ConfigValueFactory.fromMap(environment, "environment").toConfig();
      var resolved = parsed.withFallback(variables).resolve(ConfigResolveOptions.noSystem());
      var own = resolved.root();
      for (var key : resolved.root().keySet()) {
        own = parsed.root().containsKey(key) ? own : own.withoutKey(key);
      }
      return Optional.of(own.toConfig());
    } catch (ConfigException failure) {
      findings.refuse("the file " + file.toAbsolutePath() + ": " + failure.getMessage());
      return Optional.empty();
    }
  }
}
