/**
 * Records in Kafka.
 *
 * <pre>
 *   publish                       receive
 *
 *   any thread                    PartitionReader.read()      any thread
 *      |                             ^
 *   KafkaPublisher                HandOff, one a partition    bounded in bytes
 *      |      \                      ^
 *      |     ColdTopic            PollLoop                    one thread and one consumer
 *      |      /                      ^                        for each subscription
 *   KafkaProducer                 KafkaConsumer
 * </pre>
 *
 * A subscription's poll thread is the only one that touches its consumer; others leave tasks and
 * wake it. It fills the hand-off of each assigned partition ahead of the reads, pauses a partition
 * while its hand-off is full, and never waits for who reads. Positions and log ranges are looked up
 * beside it: until the answer is there a partition stays paused at a placeholder, because a
 * consumer polls nothing at all while one of its partitions has no offset.
 */
package io.liiklus.storage.kafka;
