package io.liiklus.server.grpc.codec.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import com.sun.management.ThreadMXBean;
import io.liiklus.api.RecordToPublish;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of the bytes between the transport and the storage. */
class FieldBytesTest {

  private static final PublishBounds BOUNDS = new PublishBounds(1_000, 1_000, 2_000_000);

  private static final PublishDecoder DECODER = new PublishDecoder(true, 1_000);
  private static final byte[] VALUE = "a value that is longer than a chunk".getBytes(UTF_8);

  @Test
  void arraysOfAParsedRequest_areTakenAsTheyAre() {
    for (int chunk : new int[] {1_000, 50, 10, 1}) {
      var batch = parsed(chunk, record(), record());
      var request = batch.getRequests(1);

      var record = DECODER.decode(request);

      assertThat(record.value()).isEqualTo(VALUE).isSameAs(DECODER.decode(request).value());
      assertThat(record.key()).isEqualTo(VALUE).isSameAs(DECODER.decode(request).key());
      assertThat(record.headers().get(0).value())
          .isEqualTo(VALUE)
          .isSameAs(DECODER.decode(request).headers().get(0).value());
    }
  }

  @Test
  void recordsOfABatch_shareNoArray() {
    var batch = parsed(16, record(), record());
    var first = DECODER.decode(batch.getRequests(0));
    var second = DECODER.decode(batch.getRequests(1));

    for (var bytes : arrays(first)) {
      Arrays.fill(bytes, (byte) 0);
    }

    assertThat(arrays(second)).allSatisfy(bytes -> assertThat(bytes).isEqualTo(VALUE));
  }

  @Test
  void dataOfAnEvent_isTakenAsItIs() {
    var event =
        LiiklusEvent.newBuilder()
            .setId("id")
            .setType("type")
            .setSource("source")
            .setData(ByteString.copyFrom(VALUE));
    var request =
        parsed(16, PublishRequest.newBuilder().setTopic("topic").setLiiklusEvent(event))
            .getRequests(0);

    var record = DECODER.decode(request);

    assertThat(record.value()).isEqualTo(VALUE).isSameAs(DECODER.decode(request).value());
  }

  @Test
  void request_isCopiedOnce() {
    var bytes =
        PublishBatchRequest.newBuilder()
            .addRequests(record().setValue(ByteString.copyFrom(new byte[1_000_000])))
            .build()
            .toByteArray();
    var marshaller = RequestMarshaller.ofPublishBatch(BOUNDS);
    for (int chunk : new int[] {bytes.length, 16_384}) {
      var stream = TransportStream.of(bytes, chunk);
      long before = allocated();

      var record = DECODER.decode(marshaller.parse(stream).messageOrThrow().getRequests(0));

      assertThat(allocated() - before).isBetween(1_000_000L, 1_500_000L);
      assertThat(record.value()).hasSize(1_000_000);
    }
  }

  private static long allocated() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  @Test
  void bytesThatAreAPart_areCopied() {
    var larger = ("<" + new String(VALUE, UTF_8) + ">").getBytes(UTF_8);
    var slice = UnsafeByteOperations.unsafeWrap(larger, 1, VALUE.length);
    var buffer = UnsafeByteOperations.unsafeWrap(ByteBuffer.wrap(VALUE).asReadOnlyBuffer());
    var rope = ByteString.copyFrom(new byte[500]).concat(ByteString.copyFrom(new byte[500]));

    assertThat(FieldBytes.take(slice)).isEqualTo(VALUE);
    assertThat(FieldBytes.take(buffer)).isEqualTo(VALUE).isNotSameAs(VALUE);
    assertThat(FieldBytes.take(rope)).isEqualTo(new byte[1_000]);
    assertThat(FieldBytes.take(ByteString.EMPTY)).isEmpty();
  }

  private static List<byte[]> arrays(RecordToPublish record) {
    return List.of(record.key(), record.value(), record.headers().get(0).value());
  }

  /** As it comes from a client, in chunks, when the transport has its memory back. */
  private static PublishBatchRequest parsed(int chunk, PublishRequest.Builder... requests) {
    var batch = PublishBatchRequest.newBuilder();
    for (var request : requests) {
      batch.addRequests(request);
    }
    var marshaller = RequestMarshaller.ofPublishBatch(BOUNDS);
    try (var stream = TransportStream.of(batch.build().toByteArray(), chunk)) {
      return marshaller.parse(stream).messageOrThrow();
    }
  }

  private static PublishRequest.Builder record() {
    var bytes = ByteString.copyFrom(VALUE);
    return PublishRequest.newBuilder()
        .setTopic("topic")
        .setKey(bytes)
        .setValue(bytes)
        .addHeaders(Header.newBuilder().setKey("a").setValue(bytes));
  }
}
