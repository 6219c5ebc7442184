/**
 * Groups of a storage: what becomes of the partitions that a subscription is given.
 *
 * <pre>
 *   AssignedPartitions -> StartLookup, StartOffsets    where each begins
 *      |
 *   FetchRecovery                                      where each goes on that has stopped
 * </pre>
 *
 * <p>A storage says which partitions are assigned, revoked and lost, and answers {@link
 * io.liiklus.storage.group.LogRanges}. All of it runs on the loop of the subscription, which a
 * {@link io.liiklus.storage.group.MemberScheduler} turns; stored positions and log ranges are
 * looked up beside it, in this order.
 */
package io.liiklus.storage.group;
