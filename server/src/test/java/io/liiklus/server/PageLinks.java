package io.liiklus.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Relative links between the Markdown pages of a folder: to a file, to a heading, or to both.
 * Immutable.
 */
record PageLinks(Path folder) {

  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern ABSOLUTE = Pattern.compile("^[a-z]+:.*");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
  private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");

  /** A link as it stands in a page. */
  record Link(Path page, String target) {}

  /** Links of these pages, and of all pages below these folders. */
  List<Link> of(String... names) throws IOException {
    var links = new ArrayList<Link>();
    for (var name : names) {
      try (var files = Files.walk(folder.resolve(name))) {
        for (var page : files.filter(file -> file.toString().endsWith(".md")).sorted().toList()) {
          links.addAll(in(page));
        }
      }
    }
    return links;
  }

  /** Whether the file that a link names exists, and has the heading. */
  boolean isResolved(Link link) {
    var parts = link.target().split("#", 2);
    var file = parts[0].isEmpty() ? link.page() : link.page().resolveSibling(parts[0]).normalize();
    if (!file.startsWith(folder.normalize()) || !Files.exists(file)) {
      return false;
    }
    return parts.length == 1 || anchors(file).contains(parts[1]);
  }

  private static List<Link> in(Path page) {
    return LINK.matcher(text(page))
        .results()
        .map(link -> link.group(1))
        .filter(target -> !ABSOLUTE.matcher(target).matches())
        .map(target -> new Link(page, target))
        .toList();
  }

  /** Anchors of the headings, by GitHub's rule. */
  private static Set<String> anchors(Path page) {
    return HEADING
        .matcher(text(page))
        .results()
        .map(heading -> heading.group(1).strip().toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N}\\- _]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static String text(Path page) {
    try {
      return CODE.matcher(Files.readString(page)).replaceAll("");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
