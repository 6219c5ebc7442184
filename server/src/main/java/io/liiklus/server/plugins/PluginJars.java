package io.liiklus.server.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/** List of the plugin jars of a folder. Immutable. */
public final class PluginJars {

  /** Depth in folders that a pattern like <code>**&#47;*.jar</code> reaches. */
  private static final int MAX_DEPTH = 4;

  private static final String GLOB = "glob:";

  /** Subfolder of plugins that are not enabled, whatever the pattern. */
  public static final String AVAILABLE = "available";

  private PluginJars() {}

  /**
   * The files below a folder whose path, seen from there, matches a glob, without those in {@link
   * #AVAILABLE}. In the order of their names; none where there is no such folder. A link to a file
   * that is gone is one of them, so that the start fails on it.
   *
   * @param glob as {@link java.nio.file.FileSystem#getPathMatcher} reads it, with or without {@code
   *     glob:} in front
   * @throws PatternSyntaxException if it is no glob
   * @throws IOException if the folder cannot be read
   */
  public static List<Path> find(Path folder, String glob) throws IOException {
    var matcher = matcher(folder, glob);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.walk(folder, MAX_DEPTH)) {
      return files
          .filter(file -> isMatch(folder.relativize(file), matcher))
          .filter(file -> Files.isRegularFile(file) || isBrokenLink(file))
          .sorted()
          .toList();
    }
  }

  /** Whether a file of this name in the folder is one that {@link #find} returns. */
  public static boolean isMatch(Path folder, String glob, Path name) {
    return isMatch(name, matcher(folder, glob));
  }

  private static PathMatcher matcher(Path folder, String glob) {
    var pattern = glob.startsWith(GLOB) ? glob : GLOB + glob;
    return folder.getFileSystem().getPathMatcher(pattern);
  }

  private static boolean isMatch(Path file, PathMatcher matcher) {
    return matcher.matches(file) && !file.startsWith(AVAILABLE);
  }

  private static boolean isBrokenLink(Path file) {
    return Files.isSymbolicLink(file) && !Files.exists(file);
  }
}
