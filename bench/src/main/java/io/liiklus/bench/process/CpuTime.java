package io.liiklus.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time of a process: {@code /proc/<pid>/stat}, as in proc(5). Immutable. */
public final class CpuTime {

  /** The kernel reports times in hundredths of a second, whatever its own unit. */
  private static final long NS_PER_TICK = 10_000_000;

  /** Counted from the first field behind the name, which is the state. */
  private static final int UTIME = 11;

  private static final int STIME = 12;

  private CpuTime() {}

  /** Time in user mode and in the kernel, of all threads, in nanoseconds. */
  public static long ofProcessNs(long pid) {
    try {
      return parseNs(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    } catch (IOException e) {
      throw new UncheckedIOException("no such process: " + pid, e);
    }
  }

  /** The name stands in parentheses and may hold blanks and parentheses itself. */
  static long parseNs(String stat) {
    var fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    if (fields.length <= STIME) {
      throw new IllegalArgumentException("no times in: " + stat);
    }
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * NS_PER_TICK;
  }
}
