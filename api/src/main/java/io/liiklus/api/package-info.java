/**
 * The two ports behind which every storage stands, those of processors, and the few types that
 * cross them.
 *
 * <pre>
 *   publish   RecordsStorage.publish(RecordToPublish)          -> PublishedRecord
 *   receive   RecordsStorage.subscribe(...) -> SubscriptionListener.onAssigned(PartitionReader)
 *             PartitionReader.read()                           -> RecordBatch
 *   ack       PositionsStorage.store(GroupPositions)
 * </pre>
 *
 * A storage is a jar with a {@link io.liiklus.api.RecordsStorageFactory}, a {@link
 * io.liiklus.api.PositionsStorageFactory} or both registered for {@link java.util.ServiceLoader},
 * and a {@code reference.conf} that documents every key of its own root. What it must do beyond the
 * signatures stands, as tests, in this module's test-jar: {@code RecordsStorageContract} and {@code
 * PositionsStorageContract}.
 *
 * <p><b>Backpressure.</b> Reading is a pull, so a reader that takes nothing gets nothing.
 * Publishing is refused by a storage that is full, and the refused record stays with the caller:
 *
 * <pre>
 *   publish(r1) -> stage                  taken
 *   publish(r2) -> FULL                   not taken: the caller keeps r2 and all behind it,
 *                                         and stops reading from its clients
 *   onRoom      ->                        some room again
 *   publish(r2) -> stage                  taken
 * </pre>
 *
 * So the only queue is the caller's, which knows whose records they are and can take turns.
 *
 * <p><b>Processors.</b> A {@link io.liiklus.api.RecordPreProcessor} stands between a client and
 * {@code publish}, a {@link io.liiklus.api.RecordPostProcessor} between {@code read} and a client.
 *
 * <p>Nothing here blocks: what takes time answers with a {@link
 * java.util.concurrent.CompletionStage} that fails with a {@link io.liiklus.api.StorageException}.
 * Stages complete on a thread of the storage or before they are returned; who depends on one moves
 * to a thread of his own before doing anything that takes time.
 */
package io.liiklus.api;
