/**
 * Kafka's clients: settings and what they become in each client's configuration, the Admin client's
 * questions, and what failures mean.
 *
 * <p>What the gateway relies on inside of kafka-clients, to be looked at with each new version:
 *
 * <ul>
 *   <li>{@link io.liiklus.storage.kafka.client.KafkaFailures}: texts of a closed producer and of an
 *       unexpected error, and "No resolvable bootstrap" of {@code KafkaRecordsStorage}
 *   <li>{@code UnreadableRecords}, in {@code read}: texts of a damaged record
 *   <li>{@link io.liiklus.storage.kafka.client.JoinNotifyingAssignor}: when {@code
 *       subscriptionUserData} is called
 *   <li>{@code RecoveringProducer}, in {@code publish}: the metric that shows KAFKA-20237
 * </ul>
 */
package io.liiklus.storage.kafka.client;
