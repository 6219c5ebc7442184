/**
 * Records in a database: a row for each, and a row for each partition with its range, which gives
 * the offsets.
 *
 * <pre>
 *   publish   SqlPublisher -> TopicPublisher -> Append -> a writer of the database -> AppendKind
 *   read      SqlLogReader -> SliceQuery -> RecordTable;  EndPoll moves the ends of logs
 *   remove    RetentionSweeper -> LogSweep, Sweep
 * </pre>
 *
 * <p>The lock of a partition's row is held from the append to the commit, so the order of offsets
 * is the order of commits, and there are no gaps: who sees a record sees all before it.
 */
package io.liiklus.storage.sql.records;
