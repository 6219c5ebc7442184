/**
 * Groups of a storage: which member has a partition, and where and how it is read then.
 *
 * <pre>
 *   AssignedPartitions -> StartLookup, StartOffsets    where each begins
 *      |
 *   FetchRecovery                                      where each goes on that has stopped
 * </pre>
 *
 * <p>A storage says which partitions are assigned, revoked and lost, and answers {@link
 * io.liiklus.storage.group.LogRanges}. All of it runs on the loop of the subscription; stored
 * positions and log ranges are looked up beside it, in this order. A {@link
 * io.liiklus.storage.group.MemberScheduler} turns the loops of members of Kafka's own groups.
 *
 * <h2>Groups over a coordination store</h2>
 *
 * A storage that knows no groups brings {@link io.liiklus.storage.group.RecordLogs} and a {@link
 * io.liiklus.api.CoordinationStore}; {@link io.liiklus.storage.group.GroupedRecordsStorage} is the
 * rest, on one thread:
 *
 * <pre>
 *   GroupedRecordsStorage -> GroupedSubscription -> AssignedPartitions
 *      |                        | MemberPartitions
 *   TopicWatch -> TopicView     |
 *                     |         |
 *   GroupCoordinator  |         |      ticks: beats and looks
 *    |- GatewayRow    |         |      the row by which this gateway lives
 *    |- ReadLease     |         |      how long it may read
 *    |- PeerWatch     |         |      which of the others are dead
 *    +- CoordinatedGroup        |      one document, changed by compare-and-set
 *         |- GroupDocument, AssignmentPlan
 *         +- GroupMembers -> GroupMember
 * </pre>
 *
 * <p>Nobody but its owner gives a partition up, once its acks are stored; a gateway is dead once
 * another has removed its row, unchanged for a session timeout. So a partition has two readers only
 * while one of them is paused, or cut off from the store.
 */
package io.liiklus.storage.group;
