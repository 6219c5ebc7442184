/**
 * Records that a client was sent and has not acknowledged, in terms of batches, offsets and time
 * alone: no thread, no clock and no wire.
 *
 * <pre>
 *   InflightPartition   one partition of one consumer: what its owner asks and reports
 *     PartitionWindow     what was sent, in SentRuns; its acked prefix is the position
 *     TrackedRecords      those of them that were nacked, held, or sent again
 *       RetryQueue        records that are to come again, by time; RetryLanes keep their order
 *       DeadLetterQueue   records that are given up and not stored elsewhere yet
 *   UnackedBudget       bytes of all partitions of the process; equal shares past the bound
 *   InflightMetrics     what the partitions report to other threads, in PartitionReports,
 *                       summed up by InflightGroups
 * </pre>
 *
 * <p>Time is a parameter, in nanoseconds of one monotonic clock. So a test steps it.
 */
package io.liiklus.server.inflight;
