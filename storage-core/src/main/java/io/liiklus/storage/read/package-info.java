/**
 * Reading of logs that groups of one process share.
 *
 * <pre>
 *                      PartitionReader.read()                                     any thread
 *                         ^
 *                      PrefetchingReader    one for each assigned partition of each group
 *                         ^         ^
 *       PrefetchQueue ----+         +---- Cursor
 *                         ^                ^
 *                      CatchUpReader    TailCache     newest batches of a partition, for all
 *                         |    |           ^          groups at its end
 *    SharedScan ----------+    |           |
 *    CatchUpThrottle ----------+        TailReader    few, a thread and a LogReader each
 *                              |           |
 *                              LogReader, which a storage implements
 * </pre>
 *
 * <p>A {@link io.liiklus.storage.read.PartitionFetcher} switches one partition of one group between
 * the two sources:
 *
 * <pre>
 *                +-- seek, or the cache evicted the next batch --+
 *                v                                               |
 *   assigned --> CATCHING UP -- next offset is in the cache --> AT THE TAIL
 *      |            ^   |                                        ^
 *      |            |   +-- out of range, unreadable --> STOPPED |
 *      |            +---------- looked up, sought ---------+     |
 *      +----------------- at the end of the log -----------------+
 * </pre>
 *
 * <p>A group moves from one to the other with a {@link io.liiklus.storage.read.FetchPosition}: an
 * offset, and the epoch that names its log.
 *
 * <p>Locks that nest: that of a {@link io.liiklus.storage.read.PartitionFetcher}, then one of its
 * tail cache or its shared scan; that of the {@link io.liiklus.storage.read.CatchUpReaderPool},
 * then one of a shared scan. Event loops take none of them: a seek and a lost cursor are posted to
 * {@link io.liiklus.storage.read.FetchControl}, and room in the queue to the wants that catch-up
 * readers drain.
 */
package io.liiklus.storage.read;
