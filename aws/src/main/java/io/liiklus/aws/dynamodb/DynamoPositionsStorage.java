package io.liiklus.aws.dynamodb;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.Metric;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.StandingRefusal;
import io.liiklus.storage.positions.PositionsWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/**
 * Positions in DynamoDB, in the table of the original. A group {@code <name>-v<N>} of version 0 is
 * version N of {@code <name>}, as everywhere. Thread-safe.
 *
 * <p>An answer to {@link #store} means that DynamoDB has the positions. A write that ran into its
 * timeout may have been stored, or still be.
 */
final class DynamoPositionsStorage implements PositionsStorage {

  /** An item that no group has: no topic has such a name. */
  private static final String CHECKED = "~";

  private final DynamoAccess access;
  private final CallCounts counts = new CallCounts();
  private final DynamoCalls calls;
  private final PositionsReader reader;
  private final PositionsWriter<Map<String, AttributeValue>> writer;
  private final StandingRefusal refusedWrites = new StandingRefusal(System::nanoTime);
  private final StandingRefusal refusedRows = new StandingRefusal(System::nanoTime);
  private final DynamoCoordinationStore coordination;

  private DynamoPositionsStorage(DynamoSettings settings) {
    var credentials =
        new CachedCredentials(
            DefaultCredentialsProvider.builder().build(), Clock.systemUTC(), System::nanoTime);
    var pending = new AtomicInteger();
    this.access = new DynamoAccess(settings, credentials);
    var table =
        new DynamoTable(
            access,
            settings.positionsTable(),
            List.of(PositionItem.TOPIC, PositionItem.GROUP),
            settings);
    this.calls = new DynamoCalls(access, table, counts, settings, pending);
    this.reader = new PositionsReader(calls, new ForeignItems());
    this.writer =
        new PositionsWriter<>(
            new PositionUpdate(calls)::write,
            PositionUpdate.MAX_POSITIONS,
            settings.callTimeout(),
            System::nanoTime);
    var groups =
        new DynamoTable(
            access, settings.groupsTable(), List.of(DynamoCoordinationStore.KEY), settings);
    this.coordination =
        new DynamoCoordinationStore(
            new DynamoCalls(access, groups, counts, settings, pending),
            refusedRows,
            new SecureRandom());
  }

  /** Returns at once; credentials and the table are looked for in the background. */
  static DynamoPositionsStorage open(DynamoSettings settings) {
    var storage = new DynamoPositionsStorage(settings);
    var unused = storage.calls.begin();
    return storage;
  }

  @Override
  public CompletionStage<Void> store(GroupPositions positions) {
    var key = PositionItem.key(positions.topic(), PositionItem.groupKey(positions.group()));
    return calls
        .call(() -> writer.store(key, positions.offsets()))
        .whenComplete((stored, failure) -> noteWrite(failure, refusedWrites));
  }

  /**
   * Notes the outcome of a write.
   *
   * @param failure null where it was stored
   */
  static void noteWrite(Throwable failure, StandingRefusal refusal) {
    if (failure == null) {
      refusal.onStored();
      return;
    }
    var known = StorageException.of(failure);
    if (known.kind() == Kind.REFUSED) {
      refusal.onRefused(known);
    }
  }

  /** As {@link #findVersions}: a version may have items under several keys. */
  @Override
  public CompletionStage<Map<Integer, Long>> find(String topic, GroupId group) {
    var canonical = group.canonical();
    return findVersions(topic, canonical.name())
        .thenApply(versions -> versions.getOrDefault(canonical.version(), Map.of()));
  }

  @Override
  public CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      String topic, String groupName) {
    return calls.call(() -> reader.findVersions(topic, groupName));
  }

  @Override
  public CompletionStage<List<GroupPositions>> findAll() {
    return calls.call(reader::findAll);
  }

  @Override
  public Optional<CoordinationStore> coordination() {
    return Optional.of(coordination);
  }

  /** Reads an item that is not there, which costs half a unit. */
  @Override
  public CompletionStage<Void> check() {
    var request =
        GetItemRequest.builder()
            .tableName(calls.tableName())
            .key(PositionItem.key(CHECKED, CHECKED))
            .build();
    return calls
        .call(() -> calls.send(client -> client.getItem(request)))
        .thenAccept(
            answered -> {
              refusedWrites.requireAllowed();
              refusedRows.requireAllowed();
            });
  }

  @Override
  public List<Metric> metrics() {
    return counts.metrics();
  }

  @Override
  public void close() {
    access.close();
  }
}
