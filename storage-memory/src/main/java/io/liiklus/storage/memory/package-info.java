/**
 * Records and positions in the memory of this process, for development and tests: both are gone
 * when it ends. Nothing here is shared between processes.
 *
 * <pre>
 *   publish    any thread -> MemoryLog (a short lock) -> wakes the open reads of the partition
 *   read       any thread -> MemoryReader -> MemoryLog; answered at once, or by liiklus-memory
 *   subscribe  any thread -> liiklus-memory: MemoryGroups -> MemoryGroup -> MemoryMember -> listener
 * </pre>
 *
 * One thread, {@code liiklus-memory}, owns all groups: it alone moves partitions between members,
 * calls listeners, and completes what did not complete before it was returned.
 */
package io.liiklus.storage.memory;
