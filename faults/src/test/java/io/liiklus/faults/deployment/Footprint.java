package io.liiklus.faults.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Resources of a process, as the kernel and the JVM report them. Immutable.
 *
 * @param threads how many by name, numbers left out, without those of the JVM itself
 * @param connections how many by the port of the server
 * @param heapBytes bytes in use after a garbage collection
 * @param bufferBytes native memory outside of the JVM's own: Netty's buffers
 */
public record Footprint(
    Map<String, Integer> threads,
    Map<Integer, Integer> connections,
    long heapBytes,
    long bufferBytes) {

  /** Elsewhere nothing reports threads and connections. */
  private static final boolean IS_LINUX = Files.isDirectory(Path.of("/proc/self/task"));

  /** Netty keeps the chunks of its pool, and takes them one by one. */
  private static final long MOST_GROWTH_BYTES = 24 << 20;

  /**
   * Beside those of the JVM, threads that a gateway makes once, when they are first wanted: for
   * HTTP and for metrics. Workers of the common pool come and go. The kernel keeps 15 characters.
   */
  private static final Pattern NOT_COUNTED =
      Pattern.compile(
          "java|C[12] Compiler.*|VM .*|GC .*|G1 .*|Signal Dispatch|Attach Listener|Common-Cleaner"
              + "|Sweeper thread|Notification.*|Reference Handl|Finalizer|Service Thread"
              + "|Monitor Deflati|Cleaner.*|ForkJoinPool.*|process reaper|HTTP.*|SIG.*|sh|liiklus"
              + "|keep-alive.*|DestroyJavaVM|liiklus-ops.*|liiklus-metrics|prometheus-metr|CompletableFutu");

  private static final Pattern OTHER =
      Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB");

  /** The heap, or each of its generations, of any collector. */
  private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

  private static final Set<String> OPEN_STATES = Set.of("01", "08"); // ESTABLISHED, CLOSE_WAIT

  static Footprint of(Gateway gateway) {
    gateway.jcmd("GC.run");
    return new Footprint(
        threads(gateway.pid()),
        connections(gateway.pid()),
        sum(USED, gateway.jcmd("GC.heap_info")),
        sum(OTHER, gateway.jcmd("VM.native_memory", "summary")));
  }

  /** Whether a subscription is in its group: each has a thread of Kafka's client. */
  public boolean hasMembers() {
    return threads.containsKey("kafka-coordinat");
  }

  /** Whether a reader is there for groups that are behind, or was just now. */
  public boolean hasCatchUpReaders() {
    return threads.containsKey("liiklus-catch-u");
  }

  /** In the heap and outside. */
  public long heldBytes() {
    return heapBytes + bufferBytes;
  }

  /** Of all that the pattern finds, in bytes. */
  private static long sum(Pattern kilobytes, String text) {
    var found = kilobytes.matcher(text).results().toList();
    if (found.isEmpty()) {
      throw new IllegalStateException("jcmd does not tell " + kilobytes + ": " + text);
    }
    return found.stream().mapToLong(one -> Long.parseLong(one.group(1)) * 1_024).sum();
  }

  /** The same, where so many connections of a server are known to be no growth. */
  public Footprint withConnectionsOf(int port, int most) {
    var raised = new HashMap<>(connections);
    raised.merge(port, most, Math::max);
    return new Footprint(threads, Map.copyOf(raised), heapBytes, bufferBytes);
  }

  /** Growth over the other. */
  public List<String> growthOver(Footprint before) {
    var growth = new ArrayList<String>();
    threads.forEach(
        (name, count) -> {
          int was = before.threads.getOrDefault(name, 0);
          if (count > was) {
            growth.add("threads %s: %d, were %d".formatted(name, count, was));
          }
        });
    connections.forEach(
        (port, count) -> {
          int was = before.connections.getOrDefault(port, 0);
          if (count > was) {
            growth.add("connections of port %d: %d, were %d".formatted(port, count, was));
          }
        });
    if (heapBytes > before.heapBytes + MOST_GROWTH_BYTES) {
      growth.add("heap: %d bytes, were %d".formatted(heapBytes, before.heapBytes));
    }
    if (bufferBytes > before.bufferBytes + MOST_GROWTH_BYTES) {
      growth.add("buffers: %d bytes, were %d".formatted(bufferBytes, before.bufferBytes));
    }
    return growth;
  }

  private static Map<String, Integer> threads(long pid) {
    if (!IS_LINUX) {
      return Map.of();
    }
    var names = new TreeMap<String, Integer>();
    for (var task : list(Path.of("/proc", Long.toString(pid), "task"))) {
      try {
        var name = Files.readString(task.resolve("comm")).strip();
        if (!NOT_COUNTED.matcher(name).matches()) {
          names.merge(name.replaceAll("\\d+", "#"), 1, Integer::sum);
        }
      } catch (IOException ended) {
        // A thread that is gone by now.
      }
    }
    return names;
  }

  private static Map<Integer, Integer> connections(long pid) {
    if (!IS_LINUX) {
      return Map.of();
    }
    var folder = Path.of("/proc", Long.toString(pid));
    var sockets = new HashSet<String>();
    for (var file : list(folder.resolve("fd"))) {
      try {
        var target = Files.readSymbolicLink(file).toString();
        if (target.startsWith("socket:[")) {
          sockets.add(target.substring("socket:[".length(), target.length() - 1));
        }
      } catch (IOException closed) {
        // A file that is closed by now.
      }
    }
    var servers = new HashMap<Integer, Integer>();
    for (var table : List.of("net/tcp", "net/tcp6")) {
      addConnections(folder.resolve(table), sockets, servers);
    }
    return servers;
  }

  /** The kernel's table: number, local and remote address and port in hex, state, ..., inode. */
  private static void addConnections(
      Path table, Set<String> sockets, Map<Integer, Integer> servers) {
    try {
      var rows = Files.readAllLines(table);
      for (var row : rows.subList(1, rows.size())) {
        var fields = row.strip().split("\\s+");
        if (OPEN_STATES.contains(fields[3]) && sockets.contains(fields[9])) {
          // Servers' ports lie below those that the kernel gives to clients.
          servers.merge(Math.min(port(fields[1]), port(fields[2])), 1, Integer::sum);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
  }

  private static List<Path> list(Path folder) {
    try (var files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
