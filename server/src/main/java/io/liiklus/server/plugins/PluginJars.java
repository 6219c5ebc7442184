package io.liiklus.server.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/** List of the plugin jars of a folder. Immutable. */
public final class PluginJars {

  /** Depth in folders that a pattern like <code>**&#47;*.jar</code> reaches. */
  private static final int MAX_DEPTH = 4;

  private static final String GLOB = "glob:";

  private PluginJars() {}

  /**
   * The files below a folder whose path, seen from there, matches a glob. In the order of their
   * names; none where there is no such folder.
   *
   * @param glob as {@link java.nio.file.FileSystem#getPathMatcher} reads it, with or without {@code
   *     glob:} in front
   * @throws PatternSyntaxException if it is no glob
   * @throws IOException if the folder cannot be read
   */
  public static List<Path> find(Path folder, String glob) throws IOException {
    var pattern = glob.startsWith(GLOB) ? glob : GLOB + glob;
    var matcher = folder.getFileSystem().getPathMatcher(pattern);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.walk(folder, MAX_DEPTH)) {
      return files
          .filter(file -> matcher.matches(folder.relativize(file)))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }
}
