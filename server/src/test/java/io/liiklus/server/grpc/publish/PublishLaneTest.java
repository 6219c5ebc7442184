package io.liiklus.server.grpc.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.api.Header;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.server.authorization.Access;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.request.Requests;
import io.liiklus.server.grpc.codec.status.NotStored;
import io.liiklus.server.grpc.transport.ConnectionWindow;
import io.liiklus.server.model.SteppedEventLoop;
import io.liiklus.server.processing.Processing;
import io.liiklus.server.quota.PrincipalQuota;
import io.liiklus.server.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class PublishLaneTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long MAX_WAITING_BYTES = 20_000;
  private static final Status LATE =
      Status.UNAVAILABLE.withDescription("late" + NotStored.MAY_BE_STORED);

  private static final PublishPermit PERMIT =
      PublishPermit.of("topic", Principal.ANONYMOUS, Access.open(Set.of()));

  private final SteppedEventLoop loop = new SteppedEventLoop(System::nanoTime);
  private final Room storage = new Room();
  private final LoopLanes lanes =
      new LoopLanes(loop, storage, Processing.none().in(), MAX_WAITING_BYTES);
  private final PublishLane large = lane();
  private final PublishLane small = lane();

  @Test
  void fullStorage_isTriedAgainInOrder() {
    storage.room = 1;
    for (int i = 0; i < 4; i++) {
      publish(large, "l" + i);
    }
    assertThat(storage.taken).containsExactly("l0");

    roomFor(2);
    publish(large, "l4");

    assertThat(storage.taken).containsExactly("l0", "l1", "l2");
    roomFor(10);
    assertThat(storage.taken).containsExactly("l0", "l1", "l2", "l3", "l4");
    assertThat(lanes.waitingBytes()).isZero();
  }

  @Test
  void lanes_takeTurns() {
    for (int i = 0; i < 5; i++) {
      publish(large, "l" + i);
    }
    publish(small, "s0");

    roomFor(3);

    assertThat(storage.taken).contains("s0").hasSize(3);
  }

  @Test
  void fullTopic_holdsUpNoOtherLane() {
    storage.fullValue = "l0";
    storage.room = 10;
    publish(large, "l0");
    publish(large, "l1");
    publish(small, "s0");

    assertThat(storage.taken).containsExactly("s0");
    storage.fullValue = null;
    roomFor(10);
    assertThat(storage.taken).containsExactly("s0", "l0", "l1");
  }

  @Test
  void withdrawnRecord_isNotPublished() {
    publish(large, "l0");
    var withdrawn = (WaitingPublish) publish(large, "l1");
    publish(large, "l2");

    assertThat(withdrawn.withdraw()).isTrue();
    roomFor(10);

    assertThat(storage.taken).containsExactly("l0", "l2");
    assertThat(lanes.waitingBytes()).isZero();
  }

  @Test
  void takenRecord_cannotBeWithdrawn() {
    var publish = (WaitingPublish) publish(large, "l0");
    roomFor(1);

    assertThat(publish.withdraw()).isFalse();
  }

  @Test
  void closedLane_waitsForNothing() {
    publish(large, "l0");
    publish(small, "s0");

    large.close();
    roomFor(10);

    assertThat(storage.taken).containsExactly("s0");
    assertThat(lanes.waitingBytes()).isZero();
  }

  @Test
  void requestBehindWaitingRecords_isParsedWhenItsTurnComes() {
    publish(large, "l0");
    var request = new FakeRequest("l1", "l2");

    var unused = request.begin(large);

    assertThat(request.isParsed).isFalse();
    roomFor(2);
    assertThat(request.isParsed).isTrue();
    assertThat(storage.taken).containsExactly("l0", "l1");
    roomFor(10);
    assertThat(storage.taken).containsExactly("l0", "l1", "l2");
  }

  @Test
  void requestPastTheBoundOfRecords_waitsUnparsedAndIsNeverRefused() {
    for (int i = 0; i < 200; i++) {
      publish(large, "l" + i);
    }
    var request = new FakeRequest("s0");
    var answer = request.begin(small);
    assertThat(lanes.waitingBytes()).isGreaterThan(MAX_WAITING_BYTES);
    assertThat(request.isParsed).isFalse();

    roomFor(300);

    assertThat(storage.taken).contains("s0").hasSize(201);
    assertThat(answer.toCompletableFuture()).isNotCompletedExceptionally();
    assertThat(lanes.waitingBytes()).isZero();
  }

  @Test
  void lanesWithoutRoomToStart_keepNoOtherFromItsTurn() {
    for (int i = 0; i < 200; i++) {
      publish(large, "l" + i);
    }
    var requests = new ArrayList<FakeRequest>();
    for (int i = 0; i < 50; i++) {
      var request = new FakeRequest("s" + i);
      var unused = request.begin(lane());
      requests.add(request);
    }

    roomFor(1_000);

    assertThat(storage.taken).hasSize(250);
    assertThat(requests).allMatch(request -> request.isParsed && request.isClosed);
  }

  @Test
  void unparsedRequestWhoseTimeIsUp_isNotStored() {
    publish(large, "l0");
    var request = new FakeRequest("l1");
    var answer = request.begin(large);

    var status = catchThrowableOfType(StatusRuntimeException.class, () -> answer.giveUp(LATE));

    assertThat(status.getStatus().getDescription()).isEqualTo("late; the record was not stored");
    assertThat(status.getTrailers()).isNotNull();
    assertThat(request.isClosed).isTrue();
    roomFor(10);
    assertThat(storage.taken).containsExactly("l0");
  }

  @Test
  void closedLane_letsItsRequestsGo() {
    publish(large, "l0");
    var request = new FakeRequest("l1");
    var unused = request.begin(large);

    large.close();
    roomFor(10);

    assertThat(request.isClosed).isTrue();
    assertThat(request.isParsed).isFalse();
    assertThat(storage.taken).isEmpty();
  }

  @Test
  void headersOfAWaitingRecord_countForWhatTheyCost() {
    var headers = Collections.nCopies(100, new Header("h", new byte[0]));

    var unused =
        large.publish(new RecordToPublish("topic", null, new byte[0], headers), PATIENCE, PERMIT);

    assertThat(lanes.waitingBytes()).isGreaterThan(100 * 100);
  }

  @Test
  void cancelledBatch_withdrawsWhatWaitsAndNothingElse() {
    storage.room = 1;
    var records = new ArrayList<CompletableFuture<PublishedRecord>>();
    for (int i = 0; i < 200; i++) {
      records.add(publish(large, "l" + i).toCompletableFuture());
    }

    BatchAnswer.of(records, Collections.nCopies(records.size(), "topic"), loop).cancel();

    assertThat(lanes.waitingBytes()).isZero();
    storage.room = 1;
    publish(large, "next");
    assertThat(storage.taken).containsExactly("l0", "next");
  }

  /** A batch of values that notes what becomes of its bytes. */
  private final class FakeRequest {
    private final List<String> values;
    private boolean isParsed;
    private boolean isClosed;

    private FakeRequest(String... values) {
      this.values = List.of(values);
    }

    private PartialAnswer<EncodedReply> begin(PublishLane lane) {
      var request =
          Requests.unparsed(
              () -> {
                isParsed = true;
                return PublishBatchRequest.getDefaultInstance();
              },
              () -> isClosed = true);
      return lane.begin(
          request, PATIENCE, PrincipalQuota.UNLIMITED, (message, patience) -> start(lane));
    }

    private BatchAnswer start(PublishLane lane) {
      var records = new ArrayList<CompletableFuture<PublishedRecord>>();
      values.forEach(value -> records.add(publish(lane, value).toCompletableFuture()));
      return BatchAnswer.of(records, Collections.nCopies(values.size(), "topic"), loop);
    }
  }

  private PublishLane lane() {
    return new PublishLane(lanes, ConnectionWindow.ended());
  }

  private static CompletionStage<PublishedRecord> publish(PublishLane lane, String value) {
    return lane.publish(
        new RecordToPublish("topic", null, value.getBytes(UTF_8), List.of()), PATIENCE, PERMIT);
  }

  private void roomFor(int records) {
    storage.room = records;
    lanes.onRoom();
    while (loop.runOne()) {
      // Until nothing is left to do.
    }
  }

  /** A storage that takes a number of records, and says which. */
  private static final class Room implements RecordsStorage {
    private final List<String> taken = new ArrayList<>();
    private int room;
    private String fullValue;

    @Override
    public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
      var value = new String(record.value(), UTF_8);
      if (room == 0 || value.equals(fullValue)) {
        return CompletableFuture.failedStage(new StorageException(Kind.FULL, "full"));
      }
      room--;
      taken.add(value);
      return new CompletableFuture<>();
    }

    @Override
    public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Map<Integer, OffsetRange>> endOffsets(String topic) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long maxRecordBytes() {
      return Long.MAX_VALUE;
    }

    @Override
    public CompletionStage<Void> check() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
