/**
 * Publishing without ever blocking the caller.
 *
 * <pre>
 *   KafkaPublisher          any thread
 *      |
 *   TopicPublisher          one for each topic, in the order of the calls
 *      |      \
 *      |     PendingTopic   records that wait: the topic is not known yet, or records are sent
 *      |      /             again whose batch was refused for another one
 *   KafkaProducer           of RecoveringProducer
 * </pre>
 *
 * <p>Where the queue of a pending topic or the producer's memory is full, the publish fails as FULL
 * and stays with the caller, who is notified of room.
 *
 * <p>Order of locks: that of a {@code PendingTopic}, then that of its {@code TopicPublisher}.
 */
package io.liiklus.storage.kafka.publish;
