/**
 * Publishing without ever blocking the caller.
 *
 * <pre>
 *   KafkaPublisher --&gt; RecoveringProducer     Kafka's producer, replaced where a login broke it
 *        ^
 *        |
 *        v
 *   TopicPublisher --&gt; TopicPolicy            one for each topic, in the order of the calls
 *        ^
 *        |
 *        v
 *   PendingTopic --+--&gt; MissingTopic          records that wait: the topic is not known yet, or
 *                  +--&gt; TopicLeaders          records are sent again whose batch was refused
 *
 *   PendingPublish                            a record on its way through all of these
 * </pre>
 *
 * <p>Where the queue of a pending topic or the producer's memory is full, the publish fails as FULL
 * and stays with the caller, who is notified of room.
 *
 * <p>Order of locks: that of a {@code PendingTopic}, then that of its {@code TopicPublisher}.
 */
package io.liiklus.storage.kafka.publish;
