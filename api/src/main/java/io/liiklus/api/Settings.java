package io.liiklus.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * View of the settings below one root; keys are relative to it ({@code "host"} for {@code
 * redis.host}). Every key stands in a {@code reference.conf}, so every one has a value. A getter
 * that finds an invalid value notes it for the operator, with the full key and what is allowed, and
 * returns the default, so that one start names every problem. Confined to the thread that receives
 * it, for the duration of the call.
 */
public interface Settings {

  /** Whether somebody set this key, or an entry of this open map, to something; defaults aside. */
  boolean isGiven(String key);

  /** Empty where the reference leaves it empty and nobody set it. */
  String text(String key);

  boolean flag(String key);

  /** A whole number within both bounds. */
  int integer(String key, int min, int max);

  /** A size within both bounds; written as {@code 1048576}, {@code 1 MiB} or {@code 1MB}. */
  long bytes(String key, long min, long max);

  /** A time within both bounds; written as {@code 500ms}, {@code 5 seconds}, {@code 2m}. */
  Duration duration(String key, Duration min, Duration max);

  /** One of these words, in any case; returned as given here. */
  String choice(String key, String... allowed);

  /** The file or folder that a path or a {@code file:} URI names; empty where the text is. */
  Optional<Path> path(String key);

  /** The same for a file that must be readable; empty where it is not, which is refused. */
  Optional<Path> readableFile(String key);

  /** The settings below a key of this view: {@code section("tls")} has {@code tls.key} as key. */
  Settings section(String key);

  /**
   * A list of blocks, in the order of the file; each is a view of its own. Empty by default. The
   * reference declares it by a list of one block: the keys that each block may have, with their
   * defaults.
   */
  List<Settings> list(String key);

  /**
   * A list of texts, in the order of the file, without the white space around them. Empty by
   * default. The reference declares it by an empty list.
   */
  List<String> texts(String key);

  /** An open map of texts, where any name is allowed. Names may hold dots. */
  Map<String, String> map(String key);

  /** Notes that a value cannot be used, and why; the start then ends with exit code 2. */
  void refuse(String key, String reason);

  /** Logs one warning that a value is allowed but has another effect than it seems. */
  void warn(String key, String reason);
}
