package io.liiklus.cli;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Arguments after the JVM has decoded them by the locale. All are meant to be UTF-8; one whose
 * bytes are lost would name another key or another group. Immutable.
 *
 * @param encoding the JVM's {@code sun.jnu.encoding}
 */
record LocaleArguments(String encoding) {

  private static final char LOST = '\uFFFD';

  /** The problem of the first argument with lost bytes. */
  Optional<String> problem(String[] args) {
    boolean isUtf8 = encoding.equalsIgnoreCase("UTF-8");
    for (int i = 0; i < args.length; i++) {
      if (isUtf8 && args[i].indexOf(LOST) >= 0) {
        return Optional.of(
            "argument %d has bytes that are not UTF-8, or U+FFFD, which stands for such"
                .formatted(i + 1));
      }
      if (!isUtf8 && !StandardCharsets.US_ASCII.newEncoder().canEncode(args[i])) {
        return Optional.of(
            ("argument %d is not ASCII, and the locale's encoding is %s; start with bin/liiklus or"
                    + " LC_ALL=C.UTF-8")
                .formatted(i + 1, encoding));
      }
    }
    return Optional.empty();
  }
}
