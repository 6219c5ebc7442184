/**
 * Records in Kafka.
 *
 * <pre>
 *   publish                    receive
 *
 *   any thread                 PartitionReader.read()                         any thread
 *      |                          ^
 *   KafkaPublisher             PrefetchingReader    one for each assigned partition of each group
 *      |                          ^   ^
 *   TopicPublisher                |   +-- TailCache   the newest batches of a partition, for all
 *      |      \                   |        ^     groups that are at its end
 *      |     PendingTopic         |     TailReader     few, a thread and a consumer each
 *      |      /                   |
 *   KafkaProducer                 |
 *                                 |
 *                              CatchUpReader           a pool, a thread and a consumer each,
 *                                 |    \               for groups that are behind
 *                                 |     CatchUpThrottle    how fast they read together, beside caches
 *                                 |                    that are read from
 *                              SharedScan              what was read for one of them, for the
 *                                                      others of the partition close behind it
 *
 *   membership
 *
 *   KafkaSubscription -> GroupMembership -> KafkaConsumer  one for each subscription; reads nothing
 *      ^
 *   MemberScheduler               few threads, on which all subscriptions have their turns
 * </pre>
 *
 * <p>A record waits in a {@link io.liiklus.storage.kafka.PendingTopic} as long as the producer does
 * not know its topic, and while valid records are sent again whose batch the broker refused for
 * another one. Where that queue or the producer's memory is full, the publish fails as FULL and
 * stays with the caller, who is notified of room.
 *
 * <p>{@link io.liiklus.storage.kafka.PartitionFetcher} says where the records of an assigned
 * partition come from:
 *
 * <pre>
 *                    +---- seek, or the cache holds older ones no more ----+
 *                    v                                                    |
 *   assigned --> CATCHING UP -- its next offset is within the cache --> AT THE TAIL
 *       |            ^    |                                               ^
 *       |            |    +-- out of range, unreadable --> STOPPED        |
 *       |            +------------ looked up, sought --------+            |
 *       +------------------ at the end of the log ------------------------+
 * </pre>
 *
 * <p>What moves with a group from one to the other is a {@link
 * io.liiklus.storage.kafka.FetchPosition}: an offset, and the leader epoch that says of which log.
 *
 * <p>A member's consumer is touched in its subscription's turns only; others leave tasks and wake
 * it. Positions and log ranges are looked up beside it: its partitions stay paused at a
 * placeholder, because a consumer polls nothing at all while one of its partitions has no offset.
 */
package io.liiklus.storage.kafka;
