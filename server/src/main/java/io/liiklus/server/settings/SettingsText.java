package io.liiklus.server.settings;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import io.liiklus.api.Settings;
import java.io.File;
import java.net.URL;
import java.nio.file.Path;
import java.util.function.Function;

/** Reader of settings below one root that have a file of their own. Immutable. */
public final class SettingsText {

  private static final ConfigParseOptions PARSING =
      ConfigParseOptions.defaults().setIncluder(new NoIncludes());

  private SettingsText() {}

  /**
   * Reads a text in which the keys of the root stand without it.
   *
   * @param root whose keys are known by the references of the class path
   * @param file for messages
   * @param read takes what it needs, and refuses what is wrong
   * @throws SettingsException that names all that is wrong
   */
  public static <T> T read(String text, String root, Path file, Function<Settings, T> read) {
    var diagnostics = new Diagnostics();
    var reference = ReferenceConfigs.ofClassPath(SettingsText.class.getClassLoader());
    var values = new MergedValues(KnownKeys.of(reference), diagnostics);
    T found = null;
    try {
      var config =
          ConfigFactory.parseString(text, PARSING).resolve(ConfigResolveOptions.noSystem());
      new ConfigFile(config.atPath(root), file, "").applyTo(values);
      found = read.apply(new SettingsView(values, diagnostics, root));
    } catch (ConfigException failure) {
      diagnostics.refuse("the file " + file.toAbsolutePath() + ": " + failure.getMessage());
    }
    if (!diagnostics.refusals().isEmpty()) {
      throw new SettingsException(diagnostics.refusals(), diagnostics.warnings());
    }
    return found;
  }

  /** What else would be read is not looked at for changes. */
  private static final class NoIncludes
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

    @Override
    public ConfigIncluder withFallback(ConfigIncluder usual) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      throw refusal(what);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      throw refusal(what);
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
      throw refusal(what);
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
      throw refusal(what);
    }

    private static ConfigException refusal(Object what) {
      return new ConfigException.Generic("include is not allowed here: " + what);
    }
  }
}
