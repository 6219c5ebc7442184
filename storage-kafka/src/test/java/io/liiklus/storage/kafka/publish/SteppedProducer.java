package io.liiklus.storage.kafka.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's {@link MockProducer}, which does not know its topics at first and whose buffer may be
 * full: with {@code max.block.ms = 0} a send then fails within the call. Confined to the test's
 * thread.
 */
final class SteppedProducer extends MockProducer<byte[], byte[]> {

  boolean knowsTopics;
  boolean isFull;

  SteppedProducer() {
    super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public synchronized Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, Callback callback) {
    if (knowsTopics && !isFull) {
      return super.send(record, callback);
    }
    var refusal =
        knowsTopics
            ? new BufferExhaustedException("full")
            : new TimeoutException("not in metadata");
    callback.onCompletion(null, refusal);
    return CompletableFuture.failedFuture(refusal);
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    if (!knowsTopics) {
      throw new TimeoutException("not in metadata");
    }
    return List.of(new PartitionInfo(topic, 0, Node.noNode(), new Node[0], new Node[0]));
  }

  /** Values of all records that it took, in their order. */
  String sent() {
    return history().stream()
        .map(it -> new String(it.value(), UTF_8))
        .collect(Collectors.joining());
  }
}
