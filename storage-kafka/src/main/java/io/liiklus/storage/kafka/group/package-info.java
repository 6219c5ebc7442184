/**
 * Kafka's own consumer groups.
 *
 * <pre>
 *   KafkaGroups -> KafkaSubscription      waits for its topic, then has turns
 *                     |
 *                  GroupMembership        the consumer in its group
 *                     |
 *                  storage.group          turns; where each partition begins and goes on
 *                  CommitMirror           positions, committed to Kafka's own group where asked to
 *   CommittedOffsets                      where groups left off that read without the gateway
 * </pre>
 *
 * <p>A member's consumer is touched in its subscription's turns only; others leave commands and
 * wake it. Its partitions stay paused at a placeholder: a consumer polls nothing at all while one
 * of its partitions has no offset. Positions and log ranges are looked up beside it.
 */
package io.liiklus.storage.kafka.group;
