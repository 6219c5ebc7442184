package io.liiklus.server.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The one rule of how settings name a file or a folder: by a path, or by a {@code file:} URI.
 * Immutable.
 */
final class PathText {

  private static final String SCHEME = "file:";
  private static final String THIS_MACHINE = "localhost";

  private PathText() {}

  /**
   * The path that a text names; {@code file:/etc/x}, {@code file:///etc/x} and {@code /etc/x} are
   * the same. In a URI, {@code %20} is a space.
   *
   * @throws InvalidPathException where it names none, with a reason for the operator
   */
  static Path parse(String text) {
    var name = text.strip();
    boolean isUri = name.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    return Path.of(isUri ? ofUri(name) : name);
  }

  private static String ofUri(String text) {
    URI uri;
    try {
      // Spaces are written as they are often enough.
      uri = new URI(text.replace(" ", "%20"));
    } catch (URISyntaxException failure) {
      throw new InvalidPathException(text, "no file: URI (" + failure.getReason() + ")");
    }
    if (uri.getRawFragment() != null || uri.getRawQuery() != null) {
      throw new InvalidPathException(text, "in a file: URI # is written as %23, ? as %3F");
    }
    var host = uri.getRawAuthority();
    if (host != null && !host.equalsIgnoreCase(THIS_MACHINE)) {
      throw new InvalidPathException(text, "a file: URI names a file of this machine, no host");
    }
    var path = uri.isOpaque() ? uri.getSchemeSpecificPart() : uri.getPath();
    if (path.isEmpty()) {
      throw new InvalidPathException(text, "the file: URI has no path");
    }
    return path;
  }
}
