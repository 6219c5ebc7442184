/**
 * Kafka's own consumer groups.
 *
 * <pre>
 *   KafkaGroups &lt;--&gt; KafkaSubscription      waits for its topic, then has turns
 *        |                  |
 *        +-----------&gt; GroupMembership      the consumer in its group; its partitions are those of
 *        |                                  storage.group
 *        +-----------&gt; CommitMirror         positions, committed to Kafka's own group if configured
 *                           |
 *                    CommittedOffsets       offsets of groups that read without the gateway
 * </pre>
 *
 * <p>A member's consumer is used in its subscription's turns only; other threads post commands and
 * wake it. Its partitions stay paused at a placeholder: a consumer polls nothing at all while one
 * of its partitions has no offset. Positions and log ranges are looked up asynchronously.
 */
package io.liiklus.storage.kafka.group;
