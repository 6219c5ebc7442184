package io.liiklus.storage.kafka;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** The log of a partition. That of a topic that was made anew is another one. Immutable. */
record PartitionLog(TopicPartition id, Uuid topicId) {}
