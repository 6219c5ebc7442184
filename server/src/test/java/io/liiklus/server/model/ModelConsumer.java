package io.liiklus.server.model;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;

/** Kafka's own consumer for tests as a member of a group, which reads nothing. */
final class ModelConsumer extends MockConsumer<ByteBuffer, ByteBuffer> {

  private final Witness witness;
  private ConsumerRebalanceListener rebalances;
  private final Set<TopicPartition> paused = new HashSet<>();

  /** What is done in the next poll: rebalances, and whatever else happens meanwhile. */
  Runnable meanwhile = () -> {};

  KafkaException refusal;

  /** The next poll fails, and no more than that. */
  boolean isCutOff;

  ModelConsumer(Witness witness) {
    super("none");
    this.witness = witness;
  }

  static TopicPartition id(int partition) {
    return new TopicPartition(ModelTopic.NAME, partition);
  }

  Set<Integer> held() {
    return assignment().stream().map(TopicPartition::partition).collect(Collectors.toSet());
  }

  void hold(Set<Integer> partitions) {
    var ids = partitions.stream().map(ModelConsumer::id).toList();
    paused.retainAll(ids);
    rebalance(ids);
  }

  void lose() {
    paused.clear();
    losePartitions(List.copyOf(assignment()));
  }

  /** The broker lets it do nothing more. */
  void refuse() {
    refusal = new GroupAuthorizationException(ModelPositions.GROUP);
  }

  @Override
  public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
    rebalances = listener;
    super.subscribe(topics, listener);
  }

  @Override
  public synchronized ConsumerRecords<ByteBuffer, ByteBuffer> poll(Duration timeout) {
    witness.require(timeout.isZero(), "a member's poll waits");
    if (refusal != null) {
      throw refusal;
    }
    if (isCutOff) {
      isCutOff = false;
      throw new DisconnectException("as the script says");
    }
    meanwhile.run();
    for (var id : assignment()) {
      // A consumer that has no position in one polls none.
      witness.require(paused.contains(id) && position(id) >= 0, "a member reads %s", id);
    }
    return ConsumerRecords.empty();
  }

  @Override
  public synchronized void pause(Collection<TopicPartition> ids) {
    super.pause(ids);
    paused.addAll(ids);
  }

  @Override
  public synchronized void resume(Collection<TopicPartition> ids) {
    super.resume(ids);
    paused.removeAll(ids);
  }

  /** As a consumer does when it leaves: what it holds is revoked. */
  @Override
  public void close(CloseOptions options) {
    var held = List.copyOf(assignment());
    if (!held.isEmpty()) {
      rebalances.onPartitionsRevoked(held);
    }
    super.close(options);
  }
}
