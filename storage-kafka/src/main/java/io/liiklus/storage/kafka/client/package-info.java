/**
 * Kafka's clients: settings and what they become in each client's configuration, the Admin client's
 * requests, and what failures mean.
 *
 * <p>What the gateway relies on inside of kafka-clients. {@code KafkaInternalsTest} compares each
 * text and name with the jar; the tests below show what it is for.
 *
 * <table>
 *   <caption>To be looked at with each new version of Kafka</caption>
 *   <tr><th>what</th><th>relied on by</th><th>test</th></tr>
 *   <tr><td>text: no bootstrap server can be resolved</td><td>{@link
 *     io.liiklus.storage.kafka.client.AdminClients}</td>
 *     <td>{@code KafkaSettingsTest}, {@code KafkaPositionsCommandIT} of {@code server}</td></tr>
 *   <tr><td>text of a send to a topic that the producer does not know</td><td>{@code
 *     PositionsWriter}</td><td>{@code PositionsWriterTest}</td></tr>
 *   <tr><td>{@code Topic}, which names Kafka's own topics</td><td>{@code PositionsSettings}, {@code
 *     BrokerRefusals}</td><td>{@code PositionsSettingsTest}</td></tr>
 *   <tr><td>texts of a value that a {@code ConfigDef} refuses</td><td>{@link
 *     io.liiklus.storage.kafka.client.KafkaPropertyCheck}</td>
 *     <td>{@code KafkaPropertyCheckTest}</td></tr>
 *   <tr><td>texts of a closed producer</td><td>{@link
 *     io.liiklus.storage.kafka.client.KafkaFailures}</td>
 *     <td>{@code KafkaFailuresTest}, {@code KafkaPublisherIT}</td></tr>
 *   <tr><td>text of an error that a client does not expect</td><td>{@code KafkaFailures}</td>
 *     <td>{@code KafkaFailuresTest}</td></tr>
 *   <tr><td>text of a record that was refused for another of its batch, and of one without a key
 *     (the broker's)</td><td>{@code BrokerRefusals}</td>
 *     <td>{@code RefusedNeighboursIT}</td></tr>
 *   <tr><td>texts of a damaged record</td><td>{@code UnreadableRecords}</td>
 *     <td>{@code UnreadableRecordsIT} of {@code faults}</td></tr>
 *   <tr><td>{@code subscriptionUserData} is called at the begin of each join</td><td>{@link
 *     io.liiklus.storage.kafka.client.JoinNotifyingAssignor}</td>
 *     <td>{@code JoinNotifyingAssignorIT}</td></tr>
 *   <tr><td>KAFKA-20237, and the metrics {@code failed-authentication-total} and {@code
 *     record-send-total} that show it</td><td>{@code RecoveringProducer}</td>
 *     <td>{@code RefusedLoginIT}, which fails once Kafka has mended it: the class can go
 *     then</td></tr>
 *   <tr><td>with {@code max.block.ms = 0}, a send calls back with a timeout before it returns where
 *     the topic is not known or the buffer is full</td><td>{@code PendingPublish}</td>
 *     <td>{@code KafkaPublisherIT}</td></tr>
 *   <tr><td>{@code partitionsFor} throws a timeout, and asks for the topic</td><td>{@code
 *     KafkaPublisher.isKnown}</td><td>{@code KafkaPublisherIT}</td></tr>
 *   <tr><td>{@code AbstractRecords.estimateSizeInBytesUpperBound}, which the producer compares with
 *     {@code max.request.size}</td><td>{@code PendingPublish}</td>
 *     <td>{@code RefusedRecordsIT}</td></tr>
 *   <tr><td>{@code Compression}, {@code ByteBufferOutputStream}</td><td>{@link
 *     io.liiklus.storage.kafka.client.CompressionCheck}</td>
 *     <td>{@code KafkaPropertyCheckTest}</td></tr>
 *   <tr><td>{@code ClientUtils.createChannelBuilder}, {@code JaasContext}</td><td>{@link
 *     io.liiklus.storage.kafka.client.KafkaSecurityCheck}</td>
 *     <td>{@code KafkaSecurityCheckTest}</td></tr>
 *   <tr><td>no poll succeeds while a partition has no offset; a paused one is not
 *     fetched</td><td>{@code GroupMembership}</td><td>{@code KafkaRecordsStorageIT}</td></tr>
 *   <tr><td>after a refused login a member of the classic protocol goes on, and one of the newer
 *     protocol never does</td><td>{@code KafkaSubscription}</td>
 *     <td>{@code RefusedReconnectIT}</td></tr>
 *   <tr><td>a consumer keeps what it has fetched when a record of it fails, and loses count when an
 *     {@link java.lang.Error} ends its poll</td><td>{@code KafkaCatchUpReader}, {@code
 *     KafkaTailReader}</td><td>{@code UnreadableRecordsIT} of {@code faults}</td></tr>
 * </table>
 */
package io.liiklus.storage.kafka.client;
