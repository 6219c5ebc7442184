/**
 * The two ports behind which every storage stands, and the few types that cross them.
 *
 * <pre>
 *   publish   RecordsStorage.publish(RecordToPublish)          -> PublishedRecord
 *   receive   RecordsStorage.subscribe(...) -> SubscriptionListener.onAssigned(PartitionReader)
 *             PartitionReader.read()                           -> RecordBatch
 *   ack       PositionsStorage.store(GroupPositions)
 * </pre>
 *
 * A storage is a jar with a {@link io.liiklus.api.RecordsStorageFactory} or a {@link
 * io.liiklus.api.PositionsStorageFactory} registered for {@link java.util.ServiceLoader}, and a
 * {@code reference.conf} that documents every key of its own root. What it must do beyond the
 * signatures stands, as tests, in this module's test-jar: {@code RecordsStorageContract} and {@code
 * PositionsStorageContract}.
 *
 * <p>Nothing here blocks: what takes time answers with a {@link
 * java.util.concurrent.CompletionStage} that fails with a {@link io.liiklus.api.StorageException}.
 * Stages complete on a thread of the storage or before they are returned; who depends on one moves
 * to a thread of his own before doing anything that takes time.
 */
package io.liiklus.api;
