package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.reply.EncodedReply.bytesTag;
import static io.liiklus.server.grpc.codec.reply.EncodedReply.varintBytes;
import static io.liiklus.server.grpc.codec.reply.EncodedReply.varintTag;

import com.github.bsideup.liiklus.protocol.PublishBatchReply;
import com.github.bsideup.liiklus.protocol.PublishError;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishResult;
import io.grpc.Status;
import io.liiklus.api.PublishedRecord;
import java.nio.charset.StandardCharsets;

/**
 * Encoder of the results of a batch: the bytes that protocol buffers would write for a {@code
 * PublishBatchReply}, without an object for each record. Confined to the making of one reply.
 */
public final class BatchReplyEncoder {

  private static final int RESULT_TAG = bytesTag(PublishBatchReply.RESULTS_FIELD_NUMBER);
  private static final int REPLY_TAG = bytesTag(PublishResult.REPLY_FIELD_NUMBER);
  private static final int ERROR_TAG = bytesTag(PublishResult.ERROR_FIELD_NUMBER);

  private static final int PARTITION_TAG = varintTag(PublishReply.PARTITION_FIELD_NUMBER);
  private static final int OFFSET_TAG = varintTag(PublishReply.OFFSET_FIELD_NUMBER);
  private static final int TOPIC_TAG = bytesTag(PublishReply.TOPIC_FIELD_NUMBER);

  /** About as many bytes as a result has where the topic's name is not long. */
  private static final int RESULT_BYTES = 40;

  private final EncodedReply reply;

  // Of the record before: most batches are for one topic.
  private String topic = "";
  private byte[] topicBytes = {};

  /**
   * @param results how many are to be added
   */
  public BatchReplyEncoder(int results) {
    reply = EncodedReply.ofAbout(results * RESULT_BYTES);
  }

  public void add(PublishedRecord stored) {
    if (!stored.topic().equals(topic)) {
      topic = stored.topic();
      topicBytes = topic.getBytes(StandardCharsets.UTF_8);
    }
    int partition = stored.partition();
    long offset = stored.offset();
    int size =
        (partition == 0 ? 0 : 1 + varintBytes(partition))
            + (offset == 0 ? 0 : 1 + varintBytes(offset))
            + (1 + varintBytes(topicBytes.length) + topicBytes.length);
    beginResult(REPLY_TAG, size);
    if (partition != 0) {
      reply.varint(PARTITION_TAG);
      reply.varint(partition);
    }
    if (offset != 0) {
      reply.varint(OFFSET_TAG);
      reply.varint(offset);
    }
    reply.varint(TOPIC_TAG);
    reply.varint(topicBytes.length);
    reply.bytes(topicBytes);
  }

  /**
   * @param isNotStored whether the record is surely not stored
   */
  public void add(Status failure, boolean isNotStored) {
    var error =
        PublishError.newBuilder().setCode(failure.getCode().value()).setNotStored(isNotStored);
    if (failure.getDescription() != null) {
      error.setMessage(failure.getDescription());
    }
    var bytes = error.build().toByteArray();
    beginResult(ERROR_TAG, bytes.length);
    reply.bytes(bytes);
  }

  public EncodedReply end() {
    return reply;
  }

  /**
   * Makes room for a result, and writes the tags and lengths in front of its only field's bytes.
   */
  private void beginResult(int tag, int size) {
    int resultSize = 1 + varintBytes(size) + size;
    reply.reserve(1 + varintBytes(resultSize) + resultSize);
    reply.varint(RESULT_TAG);
    reply.varint(resultSize);
    reply.varint(tag);
    reply.varint(size);
  }
}
