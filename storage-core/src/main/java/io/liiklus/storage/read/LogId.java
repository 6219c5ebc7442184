package io.liiklus.storage.read;

/**
 * Identity of one partition's log. Immutable.
 *
 * @param incarnation changes where a topic of the same name is created again, since its offsets
 *     then begin again
 */
public record LogId(String topic, int partition, String incarnation) {}
