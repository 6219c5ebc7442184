package io.liiklus.server.model;

import io.liiklus.api.OffsetRange;
import io.liiklus.storage.kafka.group.SteppedMember;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** The topic as it stands in the log: what is written, and what is there still. */
final class ModelTopic implements SteppedMember.Logs {

  static final String NAME = "topic";
  static final int PARTITIONS = 3;

  /** A record; its id is its content. */
  record Entry(long offset, int epoch, String id, boolean isEvent, boolean isReadable, int bytes) {}

  /** One partition of the topic as it is now. */
  static final class Partition {
    final TreeMap<Long, Entry> entries = new TreeMap<>();
    final History<LogRange> held =
        new History<>(new LogRange(new OffsetRange(0, 0), new FetchPosition(0, 0)));
    private long start;
    private long end;
    private long hiddenFrom = Long.MAX_VALUE;

    /** By where they begin: the leaders that wrote the log as it is now. */
    private final TreeMap<Long, Integer> epochs = new TreeMap<>(Map.of(0L, 0));

    long start() {
      return start;
    }

    long end() {
      return end;
    }

    long visibleEnd() {
      return Math.min(end, hiddenFrom);
    }

    private int epoch() {
      return epochs.lastEntry().getValue();
    }

    /** Where the log of who read up to this leader's records parts from what it is now. */
    long endOf(int epoch) {
      return epochs.entrySet().stream()
          .filter(later -> later.getValue() > epoch)
          .mapToLong(Map.Entry::getKey)
          .findFirst()
          .orElse(Long.MAX_VALUE);
    }

    /** The first record from this offset on that readers see, or null. */
    Entry next(long from) {
      var found = entries.ceilingEntry(from);
      return found == null || found.getKey() >= visibleEnd() ? null : found.getValue();
    }
  }

  final Gate gate = new Gate();
  final History<Integer> generations = new History<>(0);

  private final Witness witness;
  private final List<Partition> partitions = new ArrayList<>();

  /** By partition: in which topic of this name it was cut last. */
  private final Map<Integer, Integer> wasCut = new HashMap<>();

  private final Set<String> written = new HashSet<>();

  ModelTopic(Witness witness) {
    this.witness = witness;
    reset();
  }

  private void reset() {
    partitions.clear();
    for (int i = 0; i < PARTITIONS; i++) {
      partitions.add(new Partition());
    }
  }

  int generation() {
    return generations.now();
  }

  String id() {
    return id(generation());
  }

  private static String id(int generation) {
    return String.valueOf(generation);
  }

  Partition partition(int number) {
    return partitions.get(number);
  }

  /**
   * @param epoch which leader wrote it: after a cut there is another record of the same offset
   */
  static String recordId(int generation, int partition, long offset, int epoch) {
    return generation + "-" + partition + "-" + offset + (epoch == 0 ? "" : "-" + epoch);
  }

  /** Which leader wrote it. */
  static int epoch(String id) {
    var parts = id.split("-");
    return parts.length == 3 ? 0 : Integer.parseInt(parts[3]);
  }

  /** Whether it is of such a record, whichever leader wrote it. */
  static boolean isOf(String id, int generation, int partition, long offset) {
    var first = recordId(generation, partition, offset, 0);
    return id.equals(first) || id.startsWith(first + "-");
  }

  boolean wasWritten(String id) {
    return written.contains(id);
  }

  /**
   * Writes records.
   *
   * @param kinds bits: whether there are gaps between them, whether they are events, how large
   */
  void append(int number, int count, int kinds) {
    var log = partition(number);
    for (int i = 0; i < count; i++) {
      // A gap before every second record: what was compacted away, or the marker of a transaction.
      log.end += (kinds & 1) == 1 && i % 2 == 1 ? 1 + (kinds & 2) : 0;
      boolean isEvent = (kinds & 4) == 0;
      int bytes = ModelRecords.bytes((kinds & 8) != 0);
      int epoch = log.epoch();
      var id = recordId(generation(), number, log.end, epoch);
      log.entries.put(log.end, new Entry(log.end, epoch, id, isEvent, true, bytes));
      written.add(id);
      log.end++;
    }
    // And one behind the last, at times.
    log.end += kinds >> 4 & 1;
    changed(log);
  }

  void expire(int number, int count) {
    var log = partition(number);
    long most = Math.max(log.start, log.visibleEnd());
    log.start = Math.min(most, log.start + count);
    log.entries.headMap(log.start).clear();
    changed(log);
  }

  void compact(int number, int which) {
    var entries = partition(number).entries;
    if (!entries.isEmpty()) {
      entries.remove(offset(entries, which));
    }
  }

  void spoil(int number, int which) {
    var entries = partition(number).entries;
    if (!entries.isEmpty()) {
      var entry = entries.get(offset(entries, which));
      var spoilt =
          new Entry(
              entry.offset(), entry.epoch(), entry.id(), entry.isEvent(), false, entry.bytes());
      entries.put(entry.offset(), spoilt);
    }
  }

  private static long offset(NavigableMap<Long, Entry> entries, int which) {
    return List.copyOf(entries.keySet()).get(which % entries.size());
  }

  /** A leader comes that has not the last records. */
  void cut(int number, int count) {
    var log = partition(number);
    log.end = Math.max(log.start, log.end - count);
    log.entries.tailMap(log.end, true).clear();
    int epoch = log.epoch() + 1;
    log.epochs.tailMap(log.end, true).clear();
    log.epochs.put(log.end, epoch);
    wasCut.put(number, generation());
    changed(log);
  }

  void hold(int number) {
    var log = partition(number);
    log.hiddenFrom = log.hiddenFrom == Long.MAX_VALUE ? log.end : Long.MAX_VALUE;
    changed(log);
  }

  void release() {
    for (var log : partitions) {
      log.hiddenFrom = Long.MAX_VALUE;
      changed(log);
    }
  }

  /** Whether it was cut in a topic of this name from that one on. */
  boolean wasCut(int number, int sinceGeneration) {
    return wasCut.getOrDefault(number, -1) >= sinceGeneration;
  }

  /** Writes more than there was before the log was cut. */
  void growAnew() {
    for (int i = 0; i < PARTITIONS; i++) {
      var log = partition(i);
      if (wasCut(i, generation())) {
        long highest =
            log.held.from(0).stream().mapToLong(held -> held.range().end()).max().orElse(0);
        append(i, (int) (highest - log.end) + 1, 0);
      }
    }
  }

  void makeAnew() {
    generations.add(witness.next(), generation() + 1);
    reset();
  }

  private void changed(Partition log) {
    log.held.add(witness.next(), range(log));
  }

  private static LogRange range(Partition log) {
    var visibleEnd = Math.max(log.start, log.visibleEnd());
    return new LogRange(
        new OffsetRange(log.start, log.end), new FetchPosition(visibleEnd, log.epoch()));
  }

  @Override
  public CompletionStage<String> topicId() {
    return gate.read(this::id);
  }

  @Override
  public CompletionStage<Map<Integer, LogRange>> held(Set<Integer> wanted) {
    return gate.read(
        () -> {
          var answer = new HashMap<Integer, LogRange>();
          wanted.forEach(number -> answer.put(number, range(partition(number))));
          return answer;
        });
  }
}
