package io.liiklus.server.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.Header;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.cli.positions.StorageRole;
import io.liiklus.cli.records.RecordsStorages.Opened;
import io.liiklus.cli.records.RecordsStorages.Source;
import io.liiklus.launcher.ConfiguredRecords;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * One topic of a records storage that is opened for each call, and the positions in it. Immutable.
 *
 * @param type of the storage
 * @param settings the file that says where it is
 */
public record CopiedTopic(String type, Path settings, String topic) {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** As a gateway does; connected. */
  private Opened open() {
    var opened =
        new ConfiguredRecords(Map.of(), Map.of())
            .open(
                new Source(
                    StorageRole.TARGET,
                    type,
                    Optional.empty(),
                    Optional.of(settings.toString()),
                    true,
                    false));
    await()
        .atMost(PATIENCE)
        .until(() -> get(opened.records().check().handle((up, failure) -> failure == null)));
    return opened;
  }

  /** Publishes records that say in their values at which offset they stand. */
  public void fill(int first, int count) {
    try (var source = open()) {
      get(source.records().createTopic(topic, Backend.PARTITIONS));
      var ends = new TreeMap<Integer, Long>();
      get(source.records().endOffsets(topic)).forEach((id, range) -> ends.put(id, range.end()));
      var sent = new ArrayList<CompletionStage<PublishedRecord>>();
      for (int i = first; i < first + count; i++) {
        int partition = i % 4 % Backend.PARTITIONS; // Twice as many in the first.
        long offset = ends.merge(partition, 1L, Long::sum) - 1;
        sent.add(source.records().publish(record(partition, offset, i), PATIENCE));
      }
      sent.forEach(CopiedTopic::get);
    }
  }

  private RecordToPublish record(int partition, long offset, int number) {
    var headers =
        List.of(
            new Header("at", ("offset-" + offset + " ").getBytes(UTF_8)),
            new Header("h", new byte[] {0, -1}),
            new Header("h", null),
            new Header("h", new byte[0]),
            new Header("ж", new byte[] {0x31}));
    return new RecordToPublish(
        topic,
        number % 10 == 3 ? null : ("key-" + number % 7).getBytes(UTF_8),
        number % 5 == 4 ? null : ("value-" + number).getBytes(UTF_8),
        headers,
        OptionalLong.of(System.currentTimeMillis() - 60_000 + number),
        OptionalInt.of(partition));
  }

  public void store(String group, int version, Map<Integer, Long> offsets) {
    try (var source = open()) {
      get(
          source
              .positions()
              .storage()
              .store(new GroupPositions(topic, new GroupId(group, version), offsets)));
    }
  }

  public Map<Integer, Long> positions(String group, int version) {
    try (var opened = open()) {
      return get(opened.positions().storage().find(topic, new GroupId(group, version)));
    }
  }

  /** All records by partition, as text, in order. */
  public Map<Integer, List<String>> all() {
    var all = new TreeMap<Integer, List<String>>();
    try (var opened = open()) {
      var ranges = get(opened.records().endOffsets(topic));
      var listener = new RecordingListener();
      var request =
          new SubscriptionRequest(topic, "check-" + UUID.randomUUID(), AutoOffsetReset.EARLIEST);
      var subscription = opened.records().subscribe(request, listener);
      await().atMost(PATIENCE).until(() -> listener.held().keySet().containsAll(ranges.keySet()));
      for (int partition : ranges.keySet()) {
        all.put(partition, read(listener, partition, ranges.get(partition)));
      }
      get(subscription.close());
    }
    return all;
  }

  private static List<String> read(RecordingListener listener, int partition, OffsetRange range) {
    var texts = new ArrayList<String>();
    long next = range.start();
    while (next < range.end()) {
      var batch = get(listener.held().get(partition).read());
      for (int i = 0; i < batch.size(); i++) {
        var text = new StringBuilder();
        text.append(text(batch.key(i))).append('=').append(text(batch.value(i)));
        text.append('@').append(batch.timestamp(i));
        for (var header : batch.headers(i)) {
          var value = header.value();
          text.append(' ').append(header.key()).append('=');
          boolean isPlace = header.key().equals("at");
          text.append(
              value == null
                  ? "null"
                  : isPlace ? new String(value, UTF_8) : HexFormat.of().formatHex(value));
        }
        texts.add(text.toString());
        next = batch.offset(i) + 1;
      }
    }
    return texts;
  }

  private static String text(ByteBuffer buffer) {
    return buffer == null ? "null" : UTF_8.decode(buffer.duplicate()).toString();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
