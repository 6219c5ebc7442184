package io.liiklus.server.authorization;

import io.liiklus.api.Settings;
import java.util.List;

/** Lists of patterns, as rules have them. Immutable. */
public final class Globs {

  private Globs() {}

  /** The patterns of a list; empty ones are refused. */
  static List<Glob> read(Settings rule, String key) {
    var texts = rule.texts(key);
    if (texts.contains("")) {
      rule.refuse(key, "has an empty entry; names, in which * stands for any characters");
    }
    return texts.stream().map(Glob::new).toList();
  }

  /** The same for a list that has to have some. */
  public static List<Glob> required(Settings rule, String key) {
    if (!rule.isGiven(key)) {
      rule.refuse(key, "has no entries; names, in which * stands for any characters");
    }
    return read(rule, key);
  }

  public static boolean match(List<Glob> globs, String name) {
    for (var glob : globs) {
      if (glob.matches(name)) {
        return true;
      }
    }
    return false;
  }
}
