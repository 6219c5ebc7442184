package io.liiklus.server.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * All keys with their defaults, from the references. Immutable.
 *
 * <p>Keys are paths with dots, {@code grpc.port}. The parts of a key in a reference hold no dots
 * themselves; the names in an open map may. A list of one block in a reference is a list of blocks
 * with these keys, empty by default; a key in one is {@code acl.rules[0].topic}. An empty list in a
 * reference is a list of texts; one of them is {@code acl.users[0]}.
 */
final class KnownKeys {

  /** An entry of an open map: {@code kafka.properties} and {@code sasl.jaas.config}. */
  record MapEntry(String map, String name) {}

  private static final String SEPARATORS = "_.-";

  /** The block or the text of a list, and how all of them are known. */
  private static final Pattern ELEMENT = Pattern.compile("\\[\\d+\\]");

  private static final String ANY_ELEMENT = "[]";

  /** Typing mistakes with which a name is still taken for a key. */
  private static final int MAX_MISTAKES = 2;

  private final Map<String, String> defaults = new TreeMap<>();
  private final Map<String, String> keysByPlainName = new HashMap<>();
  private final Set<String> sections = new HashSet<>();
  private final Set<String> lists = new HashSet<>();
  private final Set<String> roots = new TreeSet<>();

  /** The longest first, so that a map within a map's name is met before it. */
  private final Set<String> maps =
      new TreeSet<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.naturalOrder()));

  private KnownKeys() {}

  static KnownKeys of(Config reference) {
    var known = new KnownKeys();
    known.roots.addAll(reference.root().keySet());
    known.addAll("", reference.root());
    return known;
  }

  private void addAll(String section, ConfigObject block) {
    for (var entry : block.entrySet()) {
      var key = section.isEmpty() ? entry.getKey() : section + "." + entry.getKey();
      if (entry.getValue() instanceof ConfigList list) {
        lists.add(key);
        if (list.isEmpty()) {
          defaults.put(key + ANY_ELEMENT, "");
        } else {
          sections.add(key + ANY_ELEMENT);
        }
        list.forEach(keys -> addAll(key + ANY_ELEMENT, (ConfigObject) keys));
      } else if (!(entry.getValue() instanceof ConfigObject inner)) {
        defaults.put(key, text(entry.getValue()));
        keysByPlainName.put(plainName(key), key);
      } else if (inner.isEmpty()) {
        maps.add(key);
      } else {
        sections.add(key);
        addAll(key, inner);
      }
    }
  }

  /** A single value as it was written, so 1.10 stays 1.10; empty for null. */
  static String text(ConfigValue value) {
    return value.valueType() == ConfigValueType.NULL ? "" : value.atKey("value").getString("value");
  }

  /** The name without {@code _}, {@code .} and {@code -}, in lower case. */
  static String plainName(String name) {
    var plain = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      if (!isSeparator(name.charAt(i))) {
        plain.append(name.charAt(i));
      }
    }
    return plain.toString().toLowerCase(Locale.ROOT);
  }

  private static boolean isSeparator(char c) {
    return SEPARATORS.indexOf(c) >= 0;
  }

  /** The key of a block or a text of a list. */
  static String element(String list, int index) {
    return list + "[" + index + "]";
  }

  private static String known(String key) {
    return key.indexOf('[') < 0 ? key : ELEMENT.matcher(key).replaceAll(ANY_ELEMENT);
  }

  boolean hasKey(String key) {
    return defaults.containsKey(known(key));
  }

  boolean hasMap(String key) {
    return maps.contains(known(key));
  }

  boolean hasList(String key) {
    return lists.contains(known(key));
  }

  /** Whether the key is a list, or stands in a block of one. */
  boolean isOfList(String key) {
    var known = known(key);
    return hasList(key) || lists.stream().anyMatch(list -> known.startsWith(list + ANY_ELEMENT));
  }

  /** Whether keys stand below this one. */
  boolean hasSection(String key) {
    return sections.contains(known(key));
  }

  boolean hasRoot(String root) {
    return roots.contains(root);
  }

  /** The first part of every key. */
  Set<String> roots() {
    return roots;
  }

  String defaultOf(String key) {
    var text = defaults.get(known(key));
    if (text == null) {
      throw new IllegalArgumentException("no reference.conf has the key " + key);
    }
    return text;
  }

  /** The key that is equal to the name once {@code _}, {@code .}, {@code -} and case are gone. */
  Optional<String> keyLike(String name) {
    return Optional.ofNullable(keysByPlainName.get(plainName(name)));
  }

  /** The map's entry that a full key names exactly. */
  Optional<MapEntry> mapEntry(String key) {
    for (var map : maps) {
      if (key.startsWith(map + ".") && key.length() > map.length() + 1) {
        return Optional.of(new MapEntry(map, key.substring(map.length() + 1)));
      }
    }
    return Optional.empty();
  }

  /** The map's entry that an environment variable means: its name is lower case, with dots. */
  Optional<MapEntry> mapEntryLike(String variable) {
    for (var map : maps) {
      var rest = restAfter(map, variable);
      if (!rest.isEmpty()) {
        return Optional.of(new MapEntry(map, rest.replace('_', '.').toLowerCase(Locale.ROOT)));
      }
    }
    return Optional.empty();
  }

  /** Which of these roots an environment variable's name begins with. */
  static Optional<String> rootLike(String variable, Iterable<String> roots) {
    for (var root : roots) {
      if (!restAfter(root, variable).isEmpty()) {
        return Optional.of(root);
      }
    }
    return Optional.empty();
  }

  /** The part of a name behind a key and a separator, in any spelling; else empty. */
  private static String restAfter(String key, String name) {
    var plain = plainName(key);
    int met = 0;
    int at = 0;
    while (at < name.length() && met < plain.length()) {
      char c = name.charAt(at++);
      if (isSeparator(c)) {
        continue;
      }
      if (Character.toLowerCase(c) != plain.charAt(met++)) {
        return "";
      }
    }
    boolean isWhole = met == plain.length() && at < name.length() && isSeparator(name.charAt(at));
    return isWhole ? name.substring(at + 1) : "";
  }

  /** The line for a key that does not exist. */
  String unknown(String key, String origin) {
    return "%s: unknown key%s (from %s)".formatted(key, hint(key), origin);
  }

  /** Names the key that was probably meant; empty where none is close. */
  String hint(String name) {
    return keyLike(name)
        .filter(like -> !like.equals(name))
        .or(() -> nearest(name))
        .map(like -> "; did you mean " + like + "?")
        .orElse("");
  }

  private Optional<String> nearest(String name) {
    var plain = plainName(name);
    int least = MAX_MISTAKES + 1;
    String nearest = null;
    for (var key : defaults.keySet()) {
      int distance = EditDistance.within(MAX_MISTAKES, plain, plainName(key));
      if (distance < least && !key.contains(ANY_ELEMENT)) {
        least = distance;
        nearest = key;
      }
    }
    return Optional.ofNullable(nearest);
  }
}
