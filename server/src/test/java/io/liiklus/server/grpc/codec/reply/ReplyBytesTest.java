package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.StoredRecords.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.ReceiveReply;
import io.liiklus.api.Header;
import io.liiklus.server.grpc.codec.StoredRecords;
import io.liiklus.server.grpc.codec.event.NotAnEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies are, byte for byte, what the generated classes write. */
class ReplyBytesTest {

  private static final int ROUNDS = 2_000;
  private static final int MAX_REPLY_BYTES = 16 * 1024;
  private static final String[] KEYS = {
    "", "h", "ce_id", "CE_TYPE", "ce_source", "ce_time", "ce_specversion", "ce_datacontenttype",
    "content-type", "Content-Type", "ce_x", "ce_X", "ce_\u00e4", "ce_data", "ce_", "\u20ac",
    "ce_subject", "x".repeat(200)
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void singleRecord_isWhatProtobufWrites(long seed) {
    var random = new Random(seed);
    var encoder = new ReplyEncoder(MAX_REPLY_BYTES);
    for (int round = 0; round < ROUNDS; round++) {
      var batch = records(random, 1);
      boolean isEvents = random.nextBoolean();
      long replayedUpTo = StoredRecords.FIRST_OFFSET - random.nextInt(2);
      ReceiveReply expected;
      try {
        expected = new ProtobufReplies(isEvents, replayedUpTo).reply(batch, 0);
      } catch (NotAnEvent none) {
        continue;
      }

      encoder.begin(new ReplyFormat(isEvents, 1, replayedUpTo));
      encoder.append(batch, 0);

      assertThat(Replies.bytes(encoder.end()))
          .as("seed=%d round=%d", seed, round)
          .isEqualTo(expected.toByteArray());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void batch_isWhatProtobufWritesWithinItsBounds(long seed) {
    var random = new Random(seed);
    var encoder = new ReplyEncoder(MAX_REPLY_BYTES);
    for (int round = 0; round < ROUNDS / 20; round++) {
      int size = 1 + random.nextInt(60);
      var batch = records(random, size);
      long replayedUpTo = StoredRecords.FIRST_OFFSET + random.nextInt(size + 1) - 1;
      int maxRecords = 2 + random.nextInt(40);
      int from = 0;
      while (from < size) {
        encoder.begin(new ReplyFormat(false, maxRecords, replayedUpTo));
        int to = from;
        while (to < size && encoder.append(batch, to)) {
          to++;
        }
        var bytes = Replies.bytes(encoder.end());

        assertThat(encoder.records()).isEqualTo(to - from).isBetween(1, maxRecords);
        assertThat(to - from == 1 || bytes.length <= MAX_REPLY_BYTES)
            .as("%d bytes", bytes.length)
            .isTrue();
        assertThat(bytes)
            .as("seed=%d round=%d from=%d", seed, round, from)
            .isEqualTo(
                new ProtobufReplies(false, replayedUpTo).reply(batch, from, to).toByteArray());
        from = to;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void sharedBatch_isWhatProtobufWrites(long seed) {
    var random = new Random(seed);
    var encoder = new ReplyEncoder(MAX_REPLY_BYTES);
    for (int round = 0; round < ROUNDS / 20; round++) {
      int size = 1 + random.nextInt(60);
      boolean isEvents = random.nextBoolean();
      boolean isSmall = random.nextInt(4) > 0;
      var batch = (isSmall ? smallEvents(random, size) : records(random, size)).share();
      for (int reader = 0; reader < 3; reader++) {
        int maxRecords = 1 + random.nextInt(40);
        long replayedUpTo = StoredRecords.FIRST_OFFSET + random.nextInt(size + 1) - 1;
        boolean wantsEvents = isSmall && (isEvents ^ random.nextInt(5) == 0);
        var format = new ReplyFormat(wantsEvents, maxRecords, replayedUpTo);
        var expected = new ProtobufReplies(wantsEvents, replayedUpTo);
        int from = random.nextInt(size);
        while (from < size) {
          encoder.begin(format);
          int added = encoder.appendFrom(batch, from);
          int to = from + added;
          // What would come behind it goes into the next reply.
          assertThat(to == size || encoder.appendFrom(batch, to) == 0).isTrue();
          var bytes = Replies.bytes(encoder.end());
          assertThat(encoder.records()).isEqualTo(added).isBetween(1, maxRecords);
          assertThat(added == 1 || bytes.length <= MAX_REPLY_BYTES).isTrue();
          var reply =
              maxRecords == 1 ? expected.reply(batch, from) : expected.reply(batch, from, to);
          assertThat(bytes)
              .as("seed=%d round=%d from=%d", seed, round, from)
              .isEqualTo(reply.toByteArray());
          from = to;
        }
      }
    }
  }

  private static StoredRecords smallEvents(Random random, int count) {
    var batch = new StoredRecords();
    for (int i = 0; i < count; i++) {
      var value = ByteBuffer.wrap(bytes(random, random.nextInt(2_000)));
      batch.add(time(random), value, value, StoredRecords.event(header("x", "1")));
    }
    return batch;
  }

  @Test
  void recordTooLargeForAReply_goesAlone() {
    var batch = new StoredRecords().add("a").add("b".repeat(MAX_REPLY_BYTES)).add("c").add("d");
    var encoder = new ReplyEncoder(MAX_REPLY_BYTES);
    var counts = new ArrayList<Integer>();
    int index = 0;
    while (index < batch.size()) {
      encoder.begin(new ReplyFormat(false, 100, -1));
      while (index < batch.size() && encoder.append(batch, index)) {
        index++;
      }
      counts.add(encoder.records());
    }

    assertThat(counts).containsExactly(1, 1, 2);
  }

  @Test
  void batchOfEvents_isWhatProtobufWrites() {
    var random = new Random(7);
    for (int round = 0; round < 100; round++) {
      var batch = new StoredRecords();
      for (int i = 0; i < 20; i++) {
        var headers = new ArrayList<>(List.of(any(random)));
        headers.addAll(List.of(StoredRecords.event()));
        batch.add(time(random), buffer(random), buffer(random), headers.toArray(Header[]::new));
      }
      var encoder = new ReplyEncoder(1024 * 1024);

      encoder.begin(new ReplyFormat(true, 20, -1));
      for (int i = 0; i < 20; i++) {
        encoder.append(batch, i);
      }

      assertThat(Replies.bytes(encoder.end()))
          .isEqualTo(new ProtobufReplies(true, -1).reply(batch, 0, 20).toByteArray());
    }
  }

  private static StoredRecords records(Random random, int count) {
    var batch = new StoredRecords();
    for (int i = 0; i < count; i++) {
      var headers = random.nextInt(3) == 0 ? new Header[0] : any(random);
      batch.add(
          time(random),
          buffer(random),
          buffer(random),
          random.nextInt(3) == 0 ? StoredRecords.event(headers) : headers);
    }
    return batch;
  }

  private static Header[] any(Random random) {
    List<Header> headers = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      var key = KEYS[random.nextInt(KEYS.length)];
      switch (random.nextInt(8)) {
        case 0 -> headers.add(new Header(key, null));
        case 1 -> headers.add(header(key, ""));
        case 2 -> headers.add(new Header(key, bytes(random, 8)));
        case 3 -> headers.add(header(key, "caf\u00e9 \ud83d\ude00"));
        default -> headers.add(header(key, "v".repeat(1 + random.nextInt(200))));
      }
    }
    return headers.toArray(Header[]::new);
  }

  private static long time(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> -1;
      case 1 -> random.nextInt(2_000);
      case 2 -> 1_000L * random.nextInt();
      default -> random.nextLong() & Long.MAX_VALUE;
    };
  }

  private static ByteBuffer buffer(Random random) {
    int length =
        switch (random.nextInt(12)) {
          case 0 -> EncodedReply.LARGE_VALUE_BYTES + random.nextInt(3) - 1;
          case 1 -> random.nextInt(20_000);
          case 2 -> 0;
          default -> random.nextInt(300);
        };
    var bytes = bytes(random, length);
    return switch (random.nextInt(5)) {
      case 0 -> null;
      case 1 -> ByteBuffer.allocateDirect(length).put(bytes).flip();
      case 2 -> ByteBuffer.wrap(bytes).asReadOnlyBuffer();
      case 3 -> ByteBuffer.allocate(length + 7).position(3).put(bytes).flip().position(3).slice();
      default -> ByteBuffer.wrap(bytes);
    };
  }

  private static byte[] bytes(Random random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
