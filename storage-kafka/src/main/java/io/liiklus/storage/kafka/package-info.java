/**
 * Records in Kafka, and positions.
 *
 * <pre>
 *   package     has                                                      sees
 *   (this)      KafkaRecordsStorage: opens the others, closes them in    publish, group, read,
 *               reverse                                                  client; storage.read
 *   publish     one producer, which never blocks its caller              client
 *   group       one consumer for each subscription, in its group         client; storage.group,
 *                                                                        storage.read
 *   read        Kafka's LogReaders: consumers that are in no group       client; storage.read
 *   positions   KafkaPositionsStorage, by a compacted topic              client
 *   client      settings, configurations of clients, Admin, failures     storage.group,
 *                                                                        storage.read
 * </pre>
 *
 * <p>All but positions see {@code storage.fault} too. The four above {@code client} do not see each
 * other: {@code group} reads through {@link io.liiklus.storage.read.SharedReading}, for which
 * {@code read} opens consumers.
 */
package io.liiklus.storage.kafka;
