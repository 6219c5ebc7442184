package io.liiklus.faults.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Log of a gateway. An ERROR, a stack trace and Netty's report of a lost buffer are problems,
 * unless a fault excuses them. Confined to the thread that looks.
 */
public final class GatewayLog {

  private static final Pattern NOTICE =
      Pattern.compile("^\\d{4}-\\d\\d-\\d\\dT\\S+ +[A-Z]+ +\\[.*");
  private static final Pattern PROBLEM =
      Pattern.compile("^\\S+ +ERROR .*|.*\\bLEAK\\b.*|\\s+at [\\w.$/]+\\(.*|Exception in thread.*");

  private final Path file;
  private long readBytes;

  GatewayLog(Path file) {
    this.file = file;
  }

  public Path file() {
    return file;
  }

  /** Whether it has this text, from its start on. */
  public boolean contains(String text) {
    try {
      return Files.exists(file) && Files.readString(file).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The problems since the last call, each with the lines that follow it.
   *
   * @param excused patterns of lines that a fault may cause
   */
  public List<String> problems(List<Pattern> excused) {
    var problems = new ArrayList<String>();
    for (var notice : notices()) {
      boolean isProblem = notice.lines().anyMatch(line -> PROBLEM.matcher(line).matches());
      boolean isExcused =
          !notice.contains("LEAK")
              && excused.stream().anyMatch(pattern -> pattern.matcher(notice).find());
      if (isProblem && !isExcused) {
        problems.add(file.getParent().getFileName() + ": " + notice);
      }
    }
    return problems;
  }

  /** A line that begins with a time, and all that follow it and do not. */
  private List<String> notices() {
    var notices = new ArrayList<String>();
    var open = new StringBuilder();
    for (var line : newText().lines().toList()) {
      if (NOTICE.matcher(line).matches() && !open.isEmpty()) {
        notices.add(open.toString());
        open.setLength(0);
      }
      open.append(line).append('\n');
    }
    if (!open.isEmpty()) {
      notices.add(open.toString());
    }
    return notices;
  }

  private String newText() {
    if (!Files.exists(file)) {
      return "";
    }
    try (var in = Files.newInputStream(file)) {
      in.skipNBytes(readBytes);
      var bytes = in.readAllBytes();
      readBytes += bytes.length;
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
