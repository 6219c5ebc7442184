package io.liiklus.api;

import java.time.Duration;
import java.util.Map;

/**
 * A storage's view of the settings below its own root; keys are relative to it ({@code "host"} for
 * {@code redis.host}). Every key stands in the storage's {@code reference.conf}, so every one has a
 * value. A value that does not fit is refused: the getter notes it for the operator, with the key
 * and what is allowed, and answers with the default, so that one start names all that is wrong.
 */
public interface Settings {

  /** Empty where the reference leaves it empty and nobody set it. */
  String text(String key);

  boolean flag(String key);

  /** A whole number within both bounds. */
  int integer(String key, int min, int max);

  /** A size within both bounds; written as {@code 1048576}, {@code 1 MiB} or {@code 1MB}. */
  long bytes(String key, long min, long max);

  /** A time within both bounds; written as {@code 500ms}, {@code 5 seconds}, {@code 2m}. */
  Duration duration(String key, Duration min, Duration max);

  /** An open map of texts, where any name is allowed. Names may hold dots. */
  Map<String, String> map(String key);

  /** Notes that a value cannot be used, and why; the start then ends with exit code 2. */
  void refuse(String key, String reason);

  /** Says once in the log that a value is allowed but does not do what it seems to. */
  void warn(String key, String reason);
}
