package io.liiklus.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The token of all calls: a text, or a file that is read again, since whoever issues tokens
 * replaces them there. Thread-safe.
 */
final class BearerToken {

  private static final String FILE = "@";

  /** How often the file is looked at, at the most. */
  private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);

  private static final int MAX_BYTES = 64 * 1024;

  /** Null: the text is all there is. */
  private final Path file;

  private String text;
  private long lookedNs;

  private BearerToken(Path file, String text) {
    this.file = file;
    this.text = text;
    this.lookedNs = System.nanoTime();
  }

  /**
   * @param given the token, or {@code @} and the path of its file
   * @throws IllegalArgumentException where there is none, with a reason that does not show it
   */
  static BearerToken of(String given) {
    try {
      return given.startsWith(FILE)
          ? ofFile(Path.of(given.substring(FILE.length())))
          : new BearerToken(null, checked(given));
    } catch (InvalidPathException | IOException failure) {
      throw new IllegalArgumentException(
          "the file '" + given.substring(FILE.length()) + "' cannot be read");
    }
  }

  private static BearerToken ofFile(Path file) throws IOException {
    return new BearerToken(file, read(file));
  }

  private static String read(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return checked(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
    }
  }

  private static String checked(String given) {
    var token = given.strip();
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "the token is empty, or has characters that a header cannot carry");
    }
    return token;
  }

  /** As it is now. */
  synchronized String text() {
    if (file != null && System.nanoTime() - lookedNs >= LOOK_NS) {
      look();
    }
    return text;
  }

  /** Whether the file has another one than this. */
  synchronized boolean isReplaced(String used) {
    if (file != null) {
      look();
    }
    return !text.equals(used);
  }

  private void look() {
    lookedNs = System.nanoTime();
    try {
      text = read(file);
    } catch (IOException | IllegalArgumentException beingReplaced) {
      // The last one is as good as any.
    }
  }
}
