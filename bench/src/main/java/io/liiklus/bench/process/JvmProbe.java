package io.liiklus.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Memory and threads of another JVM: its heap by {@code jcmd}, the rest by {@code
 * /proc/<pid>/status}. Immutable.
 */
public final class JvmProbe {

  private static final int JCMD_SECONDS = 60;

  /** The first line of a heap that is all of one kind, as G1's: {@code total 1K, used 1K}. */
  private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

  private JvmProbe() {}

  /**
   * Memory in use.
   *
   * @param heapKb after a full collection
   * @param rssKb all memory that is in RAM
   */
  public record Footprint(long heapKb, long rssKb, long threads) {}

  /** Makes the JVM collect, and looks. */
  public static Footprint of(long pid) {
    jcmd(pid, "GC.run");
    var status = status(pid);
    return new Footprint(
        usedKb(jcmd(pid, "GC.heap_info")), field(status, "VmRSS"), field(status, "Threads"));
  }

  /** All memory that is in RAM, without a collection. */
  public static long rssKb(long pid) {
    return field(status(pid), "VmRSS");
  }

  static long usedKb(String heapInfo) {
    var generations = USED.matcher(heapInfo).results().toList();
    if (generations.isEmpty()) {
      throw new IllegalStateException("jcmd tells no heap: " + heapInfo);
    }
    return generations.stream().mapToLong(used -> Long.parseLong(used.group(1))).sum();
  }

  static long field(String status, String name) {
    var field = Pattern.compile("^" + name + ":\\s+(\\d+)", Pattern.MULTILINE).matcher(status);
    if (!field.find()) {
      throw new IllegalStateException("no " + name + " in " + status);
    }
    return Long.parseLong(field.group(1));
  }

  private static String status(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "status"));
    } catch (IOException e) {
      throw new UncheckedIOException("no such process: " + pid, e);
    }
  }

  private static String jcmd(long pid, String command) {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      var process =
          new ProcessBuilder(jcmd, Long.toString(pid), command).redirectErrorStream(true).start();
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(JCMD_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException("jcmd " + command + ": " + text);
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + jcmd, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in jcmd", e);
    }
  }
}
