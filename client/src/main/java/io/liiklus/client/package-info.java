/**
 * Client library of the gateway: publishes in batches, consumes with handlers, reconnects by
 * itself.
 *
 * <pre>
 *   LiiklusClient --+--&gt; Publisher --&gt; PublishQueue    records by key, in order
 *                   |        |
 *                   |        +--&gt; StreamSender         one PublishStream, or
 *                   |        +--&gt; UnarySender          Publish calls, where there is none
 *                   |
 *                   +--&gt; ConsumerBuilder --&gt; Consumer --&gt; GroupMember
 *                                                            |
 *        ConsumeSession, or SubscribeSession where there is no Consume  &lt;--+
 *                                                            |
 *                                                            +--&gt; PartitionRun   one partition:
 *                                                                 Lanes, Progress,
 *                                                                 FailedRecords
 * </pre>
 *
 * <p>All of it runs on one thread of the client, "the loop", which is also the executor of its
 * channels. Handlers and the dependents of futures run on other threads.
 */
package io.liiklus.client;
