package io.liiklus.server.authorization;

import io.liiklus.api.Settings;
import io.liiklus.server.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings below {@code authorization}. Immutable.
 *
 * @param isByRules whether the rules decide, and no plugin
 * @param rules those of the settings
 * @param file of further rules
 * @param reloadInterval between two looks at it
 * @param cacheSize how many decisions are remembered
 */
public record AccessOptions(
    boolean isEnabled,
    boolean isByRules,
    AccessRules rules,
    Optional<Path> file,
    Duration reloadInterval,
    int cacheSize) {

  public static AccessOptions read(Settings authorization) {
    var options =
        new AccessOptions(
            authorization.flag("enabled"),
            authorization.text("type").equalsIgnoreCase("RULES"),
            AccessRules.read(authorization),
            authorization.readableFile("file"),
            authorization.duration("reloadInterval", Duration.ofMillis(100), Duration.ofHours(1)),
            authorization.integer("cacheSize", 1, 10_000_000));
    options.checkFile(authorization);
    options.warnOfIdle(authorization);
    return options;
  }

  private void checkFile(Settings authorization) {
    if (file.isEmpty()) {
      return;
    }
    try {
      RulesFile.parse(file.get(), RulesFile.read(file.get()));
    } catch (IOException unreadable) {
      authorization.refuse("file", "cannot be read: " + unreadable.getMessage());
    } catch (SettingsException wrong) {
      wrong.problems().forEach(problem -> authorization.refuse("file", problem));
    }
  }

  private void warnOfIdle(Settings authorization) {
    boolean hasRules = rules.size() > 0 || file.isPresent();
    if (!isEnabled && hasRules) {
      authorization.warn("enabled", "is false, so the rules do nothing");
    } else if (isEnabled && !isByRules && hasRules) {
      authorization.warn("type", "is not RULES, so the rules do nothing");
    } else if (isEnabled && isByRules && !hasRules) {
      authorization.warn("rules", "has no entries, so nobody may do anything");
    }
  }
}
