/**
 * Events under a fault, and the rules that they must keep.
 *
 * <pre>
 *   publishers, members, faults --add--&gt; Journal --events--&gt; History
 *                                                             |
 *   the log, as a plain consumer reads it --&gt; LogContents ----+--&gt; Invariants --&gt; violations
 * </pre>
 *
 * Times are those of {@link System#nanoTime()} in the one process that publishes and receives, so
 * "before" is known among all of them.
 */
package io.liiklus.faults.journal;
