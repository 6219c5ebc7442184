/**
 * Records and positions in the memory of this process, for development and tests: both are gone
 * when it ends. Nothing here is shared between processes.
 *
 * <pre>
 *   publish    any thread -> MemoryLogs -> MemoryLog (a short lock) -> wakes the readers of the log
 *   read       MemoryLogReader -> MemoryLog, shared by all groups
 *   subscribe  GroupedRecordsStorage, over a LocalCoordinationStore
 * </pre>
 *
 * Groups and reading are those of {@link io.liiklus.storage.group} and {@link
 * io.liiklus.storage.read}: this is the smallest example of a storage on them.
 */
package io.liiklus.storage.memory;
